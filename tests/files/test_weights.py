"""Weights in files: equal to the bit when read again, and refused in one line when they are anything else."""

import io
import json
import os
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from l1gui.data.presets import load_data, preset
from l1gui.files.atomic import FileError
from l1gui.files.model import Model, model_of
from l1gui.files.weights import load_model, save_model
from l1gui.runs import build_trainer

ENDINGS = [".npz", ".json", ".csv"]
finite = st.floats(width=32, allow_nan=False, allow_infinity=False)
names = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)


@st.composite
def models(draw):
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=5))
    weights = [draw(arrays(np.float32, pair, elements=finite)) for pair in zip(sizes, sizes[1:], strict=False)]
    biases = [draw(arrays(np.float32, n, elements=finite)) for n in sizes[1:]]
    return Model(
        tuple(weights),
        tuple(biases),
        draw(st.sampled_from(["tanh", "relu", "sigmoid", "linear"])) if len(sizes) > 2 else "tanh",
        tuple(draw(st.lists(names, min_size=sizes[0], max_size=sizes[0]))),
        tuple(draw(st.lists(names, min_size=sizes[-1], max_size=sizes[-1]))),
        (0.0,) * sizes[0],
        (1.0,) * sizes[0],
    )


@pytest.mark.parametrize("ending", ENDINGS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(model=models())
def test_round_trip_to_the_bit(tmp_path, ending, model):
    path = tmp_path / f"w{ending}"
    save_model(model, path)
    again = load_model(path)
    assert [w.tobytes() for w in again.weights] == [w.tobytes() for w in model.weights]
    assert [b.tobytes() for b in again.biases] == [b.tobytes() for b in model.biases]
    assert again.sizes == model.sizes
    assert again.activation == model.activation
    if ending != ".csv" or len(set(model.class_names)) == len(model.class_names):
        assert again.class_names == model.class_names
        assert again.input_names == model.input_names


@pytest.fixture(scope="module")
def trained():
    run_settings = preset("figure-2").settings.with_values(epochs=3, hidden=(4, 3))
    dataset = load_data(run_settings)
    trainer = build_trainer(run_settings, dataset)
    trainer.advance(30)
    trainer.apply("lam", 0.5)
    trainer.advance(10**6)
    return model_of(trainer.snapshot(), dataset)


@pytest.mark.parametrize("ending", [".npz", ".json"])
def test_everything_about_a_run_comes_back(tmp_path, trained, ending):
    path = tmp_path / f"w{ending}"
    save_model(trained, path)
    again = load_model(path)
    for field in ("activation", "input_names", "class_names", "offset", "scale", "settings", "metrics", "events"):
        assert getattr(again, field) == getattr(trained, field)
    assert again.settings.penalty.lam == 0.5
    assert again.events[0]["row"] == 30


def test_npz_is_what_numpy_reads(tmp_path, trained):
    path = tmp_path / "w.npz"
    save_model(trained, path)
    with np.load(path, allow_pickle=False) as archive:
        assert sorted(archive) == ["W1", "W2", "W3", "b1", "b2", "b3", "meta"]
        assert archive["W1"].dtype == np.float32
        assert archive["W1"].shape == (2, 4)
        assert json.loads(str(archive["meta"]))["sizes"] == [2, 4, 3, 2]


def test_csv_has_a_row_per_weight_and_runs_nothing(tmp_path, trained):
    path = tmp_path / "w.csv"
    risky = Model(
        trained.weights, trained.biases, "tanh", ("=cmd()", "@x"), ("+1", "-1"), trained.offset, trained.scale
    )
    save_model(risky, path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "layer,from,to,kind,value"
    assert sum(",weight," in line for line in lines) == 2 * 4 + 4 * 3 + 3 * 2
    assert all(not cell.startswith(("=", "@", "+")) for line in lines for cell in line.split(",")[:4])
    assert load_model(path).input_names == ("=cmd()", "@x")


def one_line(caught):
    return "\n" not in str(caught.value) and len(str(caught.value)) < 300


@pytest.mark.parametrize("ending", ENDINGS)
def test_truncated_and_flipped_files_are_refused_or_equal(tmp_path, trained, ending):
    path = tmp_path / f"w{ending}"
    save_model(trained, path)
    whole = path.read_bytes()
    generator = np.random.default_rng(0)
    for number in range(120):
        damaged = bytearray(whole)
        if number % 2:
            damaged = damaged[: generator.integers(0, len(whole))]
        else:
            damaged[generator.integers(0, len(whole))] ^= 1 << generator.integers(0, 8)
        path.write_bytes(damaged)
        model, said = None, path.name
        try:
            model = load_model(path)
        except FileError as error:
            said = str(error)
        assert path.name in said
        assert "\n" not in said
        assert model is None or all(np.isfinite(w).all() for w in model.weights)


@pytest.mark.parametrize("ending", ENDINGS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
def test_random_bytes_are_refused(tmp_path, ending, content):
    path = tmp_path / f"w{ending}"
    path.write_bytes(content)
    with pytest.raises(FileError) as caught:
        load_model(path)
    assert one_line(caught)


def npz(**arrays_):
    stream = io.BytesIO()
    np.savez(stream, **arrays_)
    return stream.getvalue()


W, B = np.ones((2, 2), np.float32), np.ones(2, np.float32)
BAD_NPZ = {
    "objects": (npz(W1=np.array([[None]]), b1=B), "could run code"),
    "no b1": (npz(W1=W, c=B), "W1, b1"),
    "shape": (npz(W1=W, b1=np.ones(3)), "do not fit"),
    "chain": (npz(W1=W, b1=B, W2=np.ones((3, 1)), b2=np.ones(1)), "layer 2 do not fit"),
    "nan": (npz(W1=W * np.nan, b1=B), "not finite"),
    "inexact": (npz(W1=W * 0.1 + np.float64(1e-12), b1=B), "exactly"),
    "text": (npz(W1=np.array([["a", "b"]]), b1=B), "not numbers"),
    "empty": (npz(W1=np.ones((2, 0), np.float32), b1=np.ones(0, np.float32)), "do not fit"),
    "meta": (npz(W1=W, b1=B, meta=np.array("[1]")), "not an object"),
    "activation": (npz(W1=W, b1=B, meta=np.array('{"activation": "exec"}')), "activation"),
    "schema": (npz(W1=W, b1=B, meta=np.array('{"schema": 99}')), "update l1gui"),
    "duplicate": (npz(W1=W, b1=B, meta=np.array('{"a": 1, "a": 2}')), "twice"),
    "settings": (npz(W1=W, b1=B, meta=np.array('{"settings": {"penalty": {"lam": -1}}}')), "Lambda must be"),
    "many": (npz(**{f"W{k}": B for k in range(40)}), "at most"),
}


@pytest.mark.parametrize("case", list(BAD_NPZ))
def test_archives_that_are_no_network(tmp_path, case):
    path = tmp_path / "w.npz"
    content, said = BAD_NPZ[case]
    path.write_bytes(content)
    with pytest.raises(FileError, match=said) as caught:
        load_model(path)
    assert one_line(caught)


def test_zip_bombs_and_paths_are_refused_unread(tmp_path):
    path = tmp_path / "w.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("W1.npy", b"\0" * (200 * 2**20))
    with pytest.raises(FileError, match="unpacks to more"):
        load_model(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../evil.npy", b"x")
    with pytest.raises(FileError, match="not an array"):
        load_model(path)
    assert [each.name for each in tmp_path.iterdir()] == ["w.npz"]


@pytest.mark.parametrize(
    "array", [W.astype(np.float64), np.asfortranarray(W), W.astype(">f4"), W.astype(np.int64), W.astype(np.float16)]
)
def test_other_layouts_are_converted_where_exact(tmp_path, array):
    path = tmp_path / "w.npz"
    path.write_bytes(npz(W1=array, b1=B))
    model = load_model(path)
    assert model.weights[0].dtype == np.float32
    assert np.array_equal(model.weights[0], W)


BAD_JSON = {
    "[" * 100_000: "nested too deep|damaged",
    "{}": "no list of layers",
    '{"layers": [{"weights": [[1]]}]}': "not tables of numbers",
    '{"layers": [{"weights": [[1],[1,2]], "biases": [1]}]}': "not tables of numbers",
    '{"layers": [{"weights": [[NaN]], "biases": [1]}]}': "no finite number",
    '{"layers": [{"weights": [[1e400]], "biases": [1]}]}': "not finite",
    '{"layers": [], "layers": []}': "twice",
    '{"layers": []}': "one weight matrix",
}


@pytest.mark.parametrize("text", list(BAD_JSON), ids=range(len(BAD_JSON)))
def test_json_that_is_no_network(tmp_path, text):
    path = tmp_path / "w.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileError, match=BAD_JSON[text]) as caught:
        load_model(path)
    assert one_line(caught)


HEAD = "layer,from,to,kind,value\n"
BAD_CSV = {
    "a,b\n1,2\n": "first line",
    HEAD: "not numbered from 1",
    HEAD + "1,x,y,weight,abc\n": "line 2: 'abc' is not a finite number",
    HEAD + "1,x,y,weight,1\n1,,y,bias\n": "line 3 has 4 cells",
    HEAD + "1,x,y,weight,1\n": "do not fit",
    HEAD + "2,x,y,weight,1\n2,,y,bias,1\n": "not numbered from 1",
    HEAD + "1,x,y,weight,inf\n1,,y,bias,1\n": "not a finite number",
    HEAD + "1,x,y,oops,1\n": "line 2 is neither",
    HEAD + "1,x,b,weight,1\n1,x,a,weight,1\n1,,a,bias,1\n1,,b,bias,1\n": "not in order",
    HEAD + '1,"x\n': "line",
}


@pytest.mark.parametrize("text", list(BAD_CSV), ids=range(len(BAD_CSV)))
def test_tables_that_are_no_network(tmp_path, text):
    path = tmp_path / "w.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileError, match=BAD_CSV[text]) as caught:
        load_model(path)
    assert one_line(caught)


def test_a_csv_from_a_spreadsheet_is_read(tmp_path, trained):
    path = tmp_path / "w.csv"
    save_model(trained, path)
    text = path.read_text(encoding="utf-8")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert [w.tobytes() for w in load_model(path).weights] == [w.tobytes() for w in trained.weights]
    path.write_bytes(text.encode("utf-16"))
    with pytest.raises(FileError, match="not UTF-8"):
        load_model(path)


def test_files_that_are_not_there_or_not_files(tmp_path):
    for path, said in ((tmp_path / "gone.npz", "no such file"), (tmp_path, "saved and opened as")):
        with pytest.raises(FileError, match=said):
            load_model(path)
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(FileError, match="no file"):
        load_model(tmp_path / "folder.npz")
    os.mkfifo(tmp_path / "pipe.npz")
    with pytest.raises(FileError, match="no file"):
        load_model(tmp_path / "pipe.npz")
