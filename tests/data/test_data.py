"""The rows: the article's to the bit, the others by their recipes; presets that say what they are."""

import random

import numpy as np
import pytest

from l1gui.data.dataset import Scaling
from l1gui.data.planar import FIGURE_2_NEW_POINT, FIGURE_2_POINTS, figure_2_boundary
from l1gui.data.presets import SOURCES, TABLE, load_data, preset, presets
from l1gui.settings import RunSettings, SettingError


def test_article_rows():
    data = load_data(RunSettings().with_values(source="article", seed=0))
    assert data.train_inputs.shape == (200, 10)
    assert data.test_inputs.shape == (40, 10)
    source = random.Random(16)
    assert data.train_inputs[0, 0] == np.float32(16 * source.random() - 8)
    assert np.array_equal(
        load_data(RunSettings().with_values(source="article", seed=5)).train_inputs, data.train_inputs
    )
    assert set(data.train_targets) == {0, 1, 2, 3}


def test_gauss_noise_recipe():
    data = load_data(RunSettings().with_values(source="gauss-noise", seed=3))
    assert data.train_inputs.shape == (200, 10)
    assert data.test_inputs.shape == (5000, 10)
    in_turn = np.arange(200) % 2
    assert (data.train_targets != in_turn).sum() == 40
    assert np.array_equal(data.test_targets, np.arange(5000) % 2)
    first = data.test_inputs[data.test_targets == 0]
    assert first[:, :2].mean() == pytest.approx(2 / 3, abs=0.03)
    assert first[:, :2].std() == pytest.approx(1.4 / 3, abs=0.03)
    assert data.test_inputs[:, 2:].mean() == pytest.approx(0, abs=0.03)
    assert data.test_inputs[:, 2:].std() == pytest.approx(1, abs=0.03)
    assert not np.array_equal(
        load_data(RunSettings().with_values(source="gauss-noise", seed=4)).train_inputs, data.train_inputs
    )
    assert np.array_equal(
        load_data(RunSettings().with_values(source="gauss-noise", seed=3)).train_inputs, data.train_inputs
    )


def test_figure_2_has_the_articles_counts():
    points = np.array(FIGURE_2_POINTS)
    above = points[:, 1] > figure_2_boundary(points[:, 0])
    assert above.sum() == 9
    assert points[above, 2].sum() == 7
    assert (1 - points[~above, 2]).sum() == 6
    assert points[np.argmin(points[:, 0])].tolist() == [1, 4, 1]
    x1, x2, new_class = FIGURE_2_NEW_POINT
    assert (x1, x2, new_class) == (11, 9, 1)
    assert x2 > figure_2_boundary(x1)
    data = load_data(RunSettings().with_values(source="figure-2", seed=0))
    assert data.scaling.to_raw(data.new_point[0], 0) == pytest.approx(11)
    assert data.scaling.to_raw(float(data.train_inputs[0, 1]), 1) == pytest.approx(4)


@pytest.mark.parametrize("source", [name for name in SOURCES if name not in (TABLE, "friedman")])
def test_rows_are_well_formed_and_read_only(source):
    data = load_data(RunSettings().with_values(source=source, seed=1))
    for inputs, targets in ((data.train_inputs, data.train_targets), (data.test_inputs, data.test_targets)):
        assert inputs.dtype == (np.float64 if source.startswith("playground-") else np.float32)
        assert inputs.shape == (len(targets), data.n_inputs)
        if data.is_numeric:
            assert np.isfinite(targets).all()
        else:
            assert 0 <= targets.min() <= targets.max() < data.n_classes
        with pytest.raises(ValueError, match="read-only"):
            inputs[0] = 0
    assert data.about.endswith(".")


def test_scaling_goes_both_ways():
    scaling = Scaling(np.array([7.0, -1.0]), np.array([3.5, 2.0]))
    inputs = scaling.to_inputs([[0.0, 3.0]])
    assert inputs.dtype == np.float32
    assert [scaling.to_raw(float(inputs[0, k]), k) for k in range(2)] == pytest.approx([0.0, 3.0])


def test_presets_are_complete_and_loadable():
    assert list(presets()) == [
        "article", "article-compare", "figure-2", "gauss-noise", "circle", "xor", "gauss", "spiral", "moons",
        "iris", "wine", "breast-cancer", "digits", "friedman",
    ]  # fmt: skip
    for each in presets().values():
        assert each.title
        assert each.about.endswith(".")
        data = load_data(each.settings)
        assert data.is_numeric or data.n_classes >= 2
    compared = preset("article-compare").compare
    assert [part.changes.get("method") for part in compared] == ["none", None]


def test_article_preset_is_the_articles_setting():
    settings = preset("article").settings
    values = [
        settings.value(n) for n in ("hidden", "epochs", "learn_rate", "lam", "seed", "batch", "method", "init_range")
    ]
    assert values == [(8,), 500, 0.01, 0.001, 0, 1, "gradient", 0.01]


def test_unknown_preset_and_source_are_refused_with_the_choices():
    with pytest.raises(SettingError, match="gauss-noise"):
        preset("iris?")
    with pytest.raises(SettingError, match="figure-2"):
        load_data(RunSettings().with_values(source="nowhere"))
