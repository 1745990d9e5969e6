"""Which rows a run learns from: the settings of generated data and of tables."""

from __future__ import annotations

from dataclasses import dataclass

from l1gui.spec import SettingsPart, Spec, setting


@dataclass(frozen=True, slots=True)
class DataSettings(SettingsPart):
    """Where the rows come from, and how generated ones are made."""

    source: str = setting("article", Spec("Data", "Where the rows come from.", "name"))
    rows: int = setting(200, Spec("Rows", "Training rows of a planar set.", "int", 10, 100_000))
    noise: float = setting(
        0.05, Spec("Noise", "Standard deviation added to x1 and x2 of a planar set.", "float", 0.0, 2.0)
    )
    noise_inputs: int = setting(
        0, Spec("Noise inputs", "Useless inputs beside x1 and x2, from N(0, 1).", "int", 0, 100)
    )
    flipped: float = setting(
        0.0, Spec("Labels flipped", "Share of the training rows that get the wrong class.", "float", 0.0, 0.5)
    )
    derived: tuple[str, ...] = setting(
        (),
        Spec("Derived inputs", "Inputs made of x1 and x2: x1^2, x2^2, x1*x2, sin x1, sin x2; or none.", "names"),
    )
    left_out: tuple[str, ...] = setting(
        (), Spec("Left out", "Columns or inputs that the network does not get to see, by their names.", "texts")
    )
    link_seed: str = setting(
        "0.50000", Spec("Playground seed", "The seed in a Playground link, a text: 0.5 differs from 0.50000.", "text")
    )
    link_noise: int = setting(
        0, Spec("Playground noise", "Noise of a Playground set, in percent, as in its link.", "int", 0, 80)
    )
    train_share: int = setting(
        50, Spec("Training share", "Percent of a Playground set's rows that are trained on.", "int", 10, 90)
    )


@dataclass(frozen=True, slots=True)
class TableSettings(SettingsPart):
    """How a file becomes rows: how it is read, what is learned from what, and which rows are held back."""

    file: str = setting("", Spec("Table", "The file that holds the rows.", "text"))
    validation_file: str = setting("", Spec("Validation table", "A file of its own with the validation rows.", "text"))
    test_file: str = setting("", Spec("Test table", "A file of its own with the test rows.", "text"))
    fingerprint: str = setting(
        "", Spec("Fingerprint", "SHA-256 of the files' contents, so that a changed file is told.", "text")
    )
    sheet: str = setting("", Spec("Sheet", "Sheet of a workbook; empty for the first.", "text"))
    encoding: str = setting("auto", Spec("Encoding", "How the text is stored; auto finds out.", "name"))
    delimiter: str = setting("auto", Spec("Delimiter", "What stands between the cells; auto finds out.", "name"))
    decimal: str = setting("auto", Spec("Decimal mark", "Of the numbers; auto finds out.", "name"))
    header: str = setting("auto", Spec("Header", "Whether the first row names the columns; auto finds out.", "name"))
    target: str = setting("", Spec("Target", "Column to be learned; empty for the last.", "text"))
    target_kind: str = setting(
        "auto", Spec("Target is", "A class or a number; auto takes text and few whole numbers for classes.", "name")
    )
    categorical: tuple[str, ...] = setting(
        (), Spec("Categories", "Columns of numbers that are names of categories, one input each.", "texts")
    )
    missing: str = setting(
        "refuse",
        Spec("Missing cells", "What is done about them: refuse, drop the row, or fill with mean or mode.", "name"),
    )
    scaling: str = setting(
        "standard", Spec("Scaling", "Of the inputs, fitted on the training rows: none, standard or min-max.", "name")
    )
    target_scaling: str = setting(
        "auto",
        Spec(
            "Target scaling",
            "Of a numeric target: none or standard; auto is standard with hidden layers, and none without, so that "
            "the weights are the coefficients of the classic lasso.",
            "name",
        ),
    )
    test_share: float = setting(
        0.25, Spec("Test share", "Share of the rows held back to test with.", "float", 0.0, 0.9)
    )
    validation_share: float = setting(
        0.0, Spec("Validation", "Share of the rows held back to validate with.", "float", 0.0, 0.9)
    )
    split_seed: int = setting(0, Spec("Split seed", "Makes the split into parts.", "int", 0, 2**32 - 1))
    split_column: str = setting(
        "", Spec("Split column", "A column that says train, validation or test of each row.", "text")
    )
    stratify: str = setting("yes", Spec("Stratified", "Whether each part gets its share of every class.", "name"))
