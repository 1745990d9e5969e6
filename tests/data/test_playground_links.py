"""Links of TensorFlow Playground: read in all their forms, refused in one line, told, and written back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l1gui.data.playground import DERIVED, PLANE, SETS
from l1gui.data.playground_links import ACTIVATIONS, METHOD_NAMES, link_of_settings, settings_of_link
from l1gui.data.playground_reader import KEPT_BY_BROWSERS
from l1gui.settings import RunSettings, SettingError

PAGE = "https://playground.tensorflow.org/"
PLAIN = settings_of_link(f"{PAGE}#seed=0.50000")[0]
FULL = (
    "activation=relu&regularization=L1&batchSize=7&dataset=xor&regDataset=reg-gauss&learningRate=0.1"
    "&regularizationRate=0.003&noise=25&networkShape=8,3&seed=0.12345&showTestData=true&discretize=true"
    "&percTrainData=70&x=true&y=false&xTimesY=true&xSquared=false&ySquared=false&cosX=false&sinX=true&cosY=false"
    "&sinY=false&collectStats=false&problem=classification&initZero=false&hideText=false"
)


def test_what_a_link_does_not_name_has_the_page_s_default():
    wanted = RunSettings().with_values(
        source="playground-circle", link_seed="0.50000", link_noise=0, train_share=50, hidden=(4, 2), activation="tanh",
        initialization="playground", output_kind="tanh", loss="squared", epochs=1000, learn_rate=0.03, batch=10,
        order="as-given", leftovers="carry", precision="double", method="none", lam=0.0,
    )  # fmt: skip
    assert settings_of_link(f"{PAGE}#seed=0.50000") == (wanted, ())


def test_every_key_is_read():
    settings, notes = settings_of_link(f"{PAGE}#{FULL}")
    assert notes == ()
    assert settings == PLAIN.with_values(
        source="playground-xor", link_seed="0.12345", link_noise=25, train_share=70, derived=("x1*x2", "sin x1"),
        left_out=("x2",), hidden=(8, 3), activation="relu", learn_rate=0.1, batch=7, method="remove-on-crossing",
        lam=0.003,
    )  # fmt: skip


def test_a_regression_link_has_a_linear_output_and_its_own_data():
    settings, notes = settings_of_link(f"{PAGE}#{FULL.replace('classification', 'regression')}&initZero=true")
    assert notes == ()
    assert settings.data.source == "playground-reg-gauss"
    assert settings.network.output_kind == "auto"
    assert settings.network.initialization == "playground-zero"
    assert settings_of_link("problem=regression&seed=1&dataset=moons")[0].data.source == "playground-plane"


@pytest.mark.parametrize(
    "form",
    [
        "https://playground.tensorflow.org/#{}",
        "http://playground.tensorflow.org/#{}",
        "https://www.playground.tensorflow.org#{}",
        "playground.tensorflow.org/#{}",
        "HTTPS://PLAYGROUND.TENSORFLOW.ORG/#{}",
        "https://playground.tensorflow.org/?hl=en#{}",
        "https://playground.tensorflow.org/?{}",
        "https://playground.tensorflow.org/{}",
        "https://someone.github.io/playground/dist/index.html#{}",
        "http://localhost:5000/#{}",
        "#{}",
        "{}",
        "  \n https://playground.tensorflow.org/#{} \r\n",
        "<https://playground.tensorflow.org/#{}>",
        '"https://playground.tensorflow.org/#{}"',
    ],
)
def test_a_link_is_read_in_every_form(form):
    assert settings_of_link(form.format(FULL)) == settings_of_link(f"{PAGE}#{FULL}")


def test_escapes_do_no_harm():
    wanted = settings_of_link(f"{PAGE}#{FULL}")
    for escaped in (
        FULL.replace("&", "&amp;"),
        FULL.replace("&", "&amp;amp;"),
        FULL.replace("&", "&#38;"),
        FULL.replace("&", "&#x26;"),
        FULL.replace("&reg", "®"),
        FULL.replace("8,3", "8%2C3"),
        FULL.replace("&noise", "\n&noise"),
    ):
        assert settings_of_link(f"{PAGE}#{escaped}") == wanted
    whole = f"{PAGE}#{FULL}".replace("#", "%23").replace("&", "%26").replace("=", "%3D")
    assert settings_of_link(whole) == wanted


def test_of_a_key_that_comes_twice_the_last_one_counts():
    assert settings_of_link("batchSize=5&batchSize=6&seed=1&x=false&x=")[0].training.batch == 6
    assert settings_of_link("x=false&x=&seed=1")[0].data.left_out == ()


def test_a_seed_is_a_text_as_the_browser_hands_it_on():
    for seed, wanted in (
        ("0.5", "0.5"),
        ("0.50000", "0.50000"),
        ("a%20b", "a%20b"),
        ("a b", "a%20b"),
        ("é", "%C3%A9"),
        ('"<>`', "%22%3C%3E%60"),
        ("a=b", "a"),
        ("{}'|^", "{}'|^"),
    ):
        assert settings_of_link(f"{PAGE}#seed={seed}&x=true")[0].data.link_seed == wanted


def test_a_link_without_a_seed_is_told():
    for link in (PAGE, f"{PAGE}#", f"{PAGE}#seed=&x=true", "playground.tensorflow.org"):
        settings, notes = settings_of_link(link)
        assert settings == PLAIN
        assert notes == ("seed: the link has none, so the Playground draws one at each visit; here 0.50000",)


def test_no_hidden_layer_is_an_empty_shape():
    assert settings_of_link("networkShape=&seed=1")[0].network.hidden == ()
    assert settings_of_link("networkShape=1,2,3,4,5,6&seed=1")[0].network.hidden == (1, 2, 3, 4, 5, 6)


def test_what_concerns_the_display_is_passed_over():
    display = "showTestData=true&discretize=true&hideText=true&tutorial=abc&collectStats=true&playButton_hide=true"
    assert settings_of_link(f"{PAGE}#seed=0.50000&{display}&dataset_hide=true") == (PLAIN, ())


@pytest.mark.parametrize(
    ("pair", "allowed"),
    [
        ("noise=81", "a whole number from 0 to 80"),
        ("noise=-5", "a whole number from 0 to 80"),
        ("noise=12.5", "a whole number from 0 to 80"),
        ("noise=abc", "a whole number from 0 to 80"),
        ("percTrainData=5", "a whole number from 10 to 90"),
        ("percTrainData=100", "a whole number from 10 to 90"),
        ("percTrainData=1e999", "a whole number from 10 to 90"),
        ("batchSize=0", "a whole number from 1 to 250"),
        ("batchSize=251", "a whole number from 1 to 250"),
        ("batchSize=NaN", "a whole number from 1 to 250"),
        ("batchSize=7.5", "a whole number from 1 to 250"),
        ("learningRate=0", "a number from 1e-06 to 100"),
        ("learningRate=-0.1", "a number from 1e-06 to 100"),
        ("learningRate=Infinity", "a number from 1e-06 to 100"),
        ("learningRate=0,03", "a number from 1e-06 to 100"),
        ("regularizationRate=-1", "a number from 0 to 1,000,000"),
        ("regularizationRate=1_0", "a number from 0 to 1,000,000"),
        ("networkShape=4,,2", "up to 6 layers of 1 to 512 units, or none"),
        ("networkShape=0", "up to 6 layers of 1 to 512 units, or none"),
        ("networkShape=513", "up to 6 layers of 1 to 512 units, or none"),
        ("networkShape=1,1,1,1,1,1,1", "up to 6 layers of 1 to 512 units, or none"),
        ("networkShape=4;2", "up to 6 layers of 1 to 512 units, or none"),
        ("activation=softplus", "relu, tanh, sigmoid, linear"),
        ("activation=Tanh", "relu, tanh, sigmoid, linear"),
        ("regularization=l1", "none, L1, L2"),
        ("dataset=moons", "circle, xor, gauss, spiral"),
        ("dataset=reg-plane", "circle, xor, gauss, spiral"),
        ("problem=clustering", "classification, regression"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_one_line(pair, allowed):
    with pytest.raises(SettingError) as error:
        settings_of_link(f"{PAGE}#seed=1&{pair}")
    assert str(error.value) == f"Playground link: {pair} cannot be; allowed: {allowed}"
    assert error.value.field == "link"


def test_the_message_is_one_short_line_whatever_the_value():
    with pytest.raises(SettingError) as error:
        settings_of_link(f"{PAGE}#noise=%0Aa%1B{'9' * 5000}")
    assert str(error.value).isprintable()
    assert len(str(error.value)) < 150


def test_a_network_without_inputs_is_refused():
    with pytest.raises(SettingError, match="every input is off; one must be true of x, y, xTimesY"):
        settings_of_link("x=false&y=false&seed=1")


@pytest.mark.parametrize(
    "text", ["", "   ", "hello", "https://example.org/", "https://example.org/#top", "x=1&y=2", "a=b", "#", "\0"]
)
def test_what_is_no_link_is_refused(text):
    with pytest.raises(SettingError, match="no TensorFlow Playground link") as error:
        settings_of_link(text)
    assert str(error.value).isprintable()


def test_a_text_that_is_too_long_is_refused():
    with pytest.raises(SettingError, match="too long for a Playground link: 20,040 characters"):
        settings_of_link(f"{PAGE}#seed={'1' * 20_000}")
    with pytest.raises(SettingError, match="Playground seed"):
        settings_of_link(f"{PAGE}#seed={'1' * 5_000}")


@pytest.mark.parametrize(
    ("pair", "told", "changed"),
    [
        ("cosX=true", "cosX=true: there is no such input, here or in today's Playground; ignored", {}),
        ("cosY=true", "cosY=true: there is no such input, here or in today's Playground; ignored", {}),
        ("colour=red", "colour=red: the Playground has no such key; ignored", {}),
        ("x=0", "x=0: counts as true, as in the Playground; allowed: true, false", {}),
        ("batchSize=100", "batchSize=100: beyond the Playground's own control, 1 to 30; the run obeys the link",
         {"batch": 100}),
        ("networkShape=9,2", "networkShape=9,2: beyond the Playground's own controls, 1 to 8 units; the run obeys the "
         "link", {"hidden": (9, 2)}),
        ("learningRate=30", "learningRate=30: outside the Playground's choices, 0.00001 to 10; the run obeys the link",
         {"learn_rate": 30.0}),
        ("regularizationRate=20", "regularizationRate=20: outside the Playground's choices, 0 to 10; the run obeys the "
         "link", {"lam": 20.0}),
        ("x_hide=true", "x_hide=true: the input x1 is hidden, and the Playground trains without it",
         {"left_out": ("x1",)}),
    ],
)  # fmt: skip
def test_what_a_person_should_know_is_told(pair, told, changed):
    assert settings_of_link(f"{PAGE}#seed=0.50000&{pair}") == (PLAIN.with_values(**changed), (told,))


def test_what_would_have_no_effect_is_not_told():
    for pair in ("cosX=false", "sinX_hide=true", "x_hide=false", "learningRate=0.03", "learningRate=3e-2", "noise=0.0"):
        assert settings_of_link(f"{PAGE}#seed=0.50000&{pair}") == (PLAIN, ())


SEEDS = st.text(
    st.sampled_from([letter for letter in KEPT_BY_BROWSERS if letter not in "&=#"]), min_size=1, max_size=20
)


@st.composite
def fitting_settings(draw):
    source = draw(st.sampled_from(list(SETS)))
    derived = draw(st.sets(st.sampled_from(DERIVED)))
    left_out = draw(st.sets(st.sampled_from(PLANE), max_size=2 if derived else 1))
    return PLAIN.with_values(
        source=source,
        output_kind="auto" if SETS[source].is_numeric else "tanh",
        link_seed=draw(SEEDS),
        link_noise=draw(st.integers(0, 80)),
        train_share=draw(st.integers(10, 90)),
        derived=tuple(name for name in DERIVED if name in derived),
        left_out=tuple(name for name in PLANE if name in left_out),
        hidden=tuple(draw(st.lists(st.integers(1, 8), max_size=6))),
        activation=draw(st.sampled_from(ACTIVATIONS)),
        initialization=draw(st.sampled_from(["playground", "playground-zero"])),
        learn_rate=draw(st.floats(1e-5, 10.0)),
        batch=draw(st.integers(1, 30)),
        method=draw(st.sampled_from(list(METHOD_NAMES.values()))),
        lam=draw(st.floats(0.0, 10.0)),
    )


@given(fitting_settings())
def test_a_link_written_is_read_back(settings):
    assert settings_of_link(link_of_settings(settings)) == (settings, ())


def lines_said(text):
    """What is said of a text: the notes, or why it is refused."""
    try:
        return settings_of_link(text)[1]
    except SettingError as error:
        return (str(error),)


@given(
    st.text(max_size=200) | st.text("axyn=&#,.0123456789-eE%®;", max_size=60).map(lambda part: f"{PAGE}#noise={part}")
)
def test_any_text_is_read_or_refused_in_lines_of_print(text):
    assert all(line.isprintable() for line in lines_said(text))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("source", "circle"),
        ("output_kind", "auto"),
        ("loss", "cross-entropy"),
        ("order", "shuffled"),
        ("leftovers", "update"),
        ("precision", "single"),
        ("method", "proximal"),
        ("initialization", "xavier"),
        ("decay", 0.1),
        ("dropout", 0.2),
        ("jitter", 0.1),
        ("max_norm", 1.0),
        ("patience", 5),
        ("hidden", (9,)),
        ("batch", 31),
        ("link_seed", "a b"),
        ("link_seed", "a&b"),
        ("link_seed", "é"),
        ("link_seed", ""),
    ],
)
def test_a_run_that_does_not_fit_is_refused_with_the_setting(name, value):
    with pytest.raises(SettingError, match="TensorFlow Playground cannot repeat this run: ") as error:
        link_of_settings(PLAIN.with_values(**{"batch": 7, name: value}))
    assert error.value.field == name
    assert f"({name}) is {value!r}, and there it is " in str(error.value)


def test_what_makes_no_difference_there_does_not_keep_a_run_from_fitting():
    link = link_of_settings(PLAIN)
    for values in ({"seed": 5}, {"epochs": 7}, {"precision": "auto"}, {"threshold": 0.1}, {"leftovers": "update"}):
        assert link_of_settings(PLAIN.with_values(**values)) == link
