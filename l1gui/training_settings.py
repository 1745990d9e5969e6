"""How a network is built, trained and kept small: the settings of a run, its rows aside."""

from __future__ import annotations

from dataclasses import dataclass

from l1gui.spec import SettingsPart, Spec, setting


@dataclass(frozen=True, slots=True)
class NetworkSettings(SettingsPart):
    """The network's shape and start; inputs and outputs follow from the data."""

    hidden: tuple[int, ...] = setting(
        (8,), Spec("Hidden units", "Units of each hidden layer, input side first; none for no hidden layer.", "sizes")
    )
    activation: str = setting("tanh", Spec("Activation", "What each hidden unit does to its sum.", "name"))
    initialization: str = setting(
        "uniform",
        Spec(
            "Initialization",
            "uniform: weights and biases in +- the range. xavier: Xavier uniform, he: He uniform, biases 0 in both.",
            "name",
        ),
    )
    init_range: float = setting(
        0.01, Spec("Initial range", "Bound of the uniform start, for weights and biases.", "float", 0.0, 10.0)
    )
    output_kind: str = setting(
        "auto",
        Spec(
            "Output",
            "auto: a softmax over the classes, or a linear output for a number. For two classes also one output: "
            "sigmoid (0 and 1), or tanh (-1 and 1).",
            "name",
        ),
    )


@dataclass(frozen=True, slots=True)
class TrainingSettings(SettingsPart):
    """How the network is trained, the penalty aside."""

    loss: str = setting("squared-article", Spec("Loss", "What training makes small, the penalty aside.", "name"))
    epochs: int = setting(500, Spec("Epochs", "Passes over the training rows.", "int", 1, 1_000_000, is_live=True))
    learn_rate: float = setting(
        0.01,
        Spec(
            "Learning rate", "Length of each step down the gradient.", "float", 1e-6, 100.0, is_live=True, is_log=True
        ),
    )
    decay: float = setting(
        0.0,
        Spec(
            "Decay",
            "After n epochs the learning rate is divided by 1 + decay * n.",
            "float",
            0.0,
            10.0,
            is_live=True,
        ),
    )
    batch: int = setting(
        1,
        Spec(
            "Batch",
            "Rows whose mean gradient makes one update: 1 is online training, all rows are full batch.",
            "int",
            1,
            10_000_000,
        ),
    )
    order: str = setting(
        "shuffled", Spec("Order", "shuffled: the rows are visited in a new order each epoch; as-given: never.", "name")
    )
    leftovers: str = setting(
        "update",
        Spec(
            "Leftovers",
            "What the rows of an epoch's last, smaller batch do: update at its end, or carry into the next epoch.",
            "name",
        ),
    )
    precision: str = setting(
        "auto",
        Spec(
            "Precision",
            "Of the weights: single or double; auto is double for a Playground run and for a number without hidden "
            "layers.",
            "name",
        ),
    )
    seed: int = setting(
        0, Spec("Seed", "Start of the random numbers; the same seed gives the same run.", "int", 0, 2**32 - 1)
    )


@dataclass(frozen=True, slots=True)
class PenaltySettings(SettingsPart):
    """The penalty on the weights; biases are never penalised."""

    method: str = setting(
        "cumulative", Spec("L1 mode", "How the penalty enters the update of a weight.", "name", is_live=True)
    )
    lam: float = setting(
        3e-3,
        Spec("Lambda", "Strength of the penalty; 0 is none.", "float", 0.0, 1_000_000, is_live=True, is_log=True),
    )
    alpha: float = setting(
        0.5,
        Spec(
            "Alpha", "Elastic net only: the share of L1 in its mix with L2; 1 is L1.", "float", 0.0, 1.0, is_live=True
        ),
    )


@dataclass(frozen=True, slots=True)
class RegularizationSettings(SettingsPart):
    """What else keeps a network from learning its rows by heart; 0 is off, for each."""

    dropout: float = setting(
        0.0,
        Spec(
            "Dropout", "Share of the hidden units left out, others each row; their fellows make up for them.",
            "float", 0.0, 0.95, is_live=True,
        ),
    )  # fmt: skip
    jitter: float = setting(
        0.0,
        Spec(
            "Input jitter", "Standard deviation of the noise added to the inputs, anew each time a row is trained on.",
            "float", 0.0, 10.0, is_live=True,
        ),
    )  # fmt: skip
    max_norm: float = setting(
        0.0,
        Spec(
            "Max-norm", "Longest that the vector of a unit's incoming weights may be; each update is scaled back.",
            "float", 0.0, 1000.0, is_live=True,
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class StoppingSettings(SettingsPart):
    """Early stopping: part of the training rows is held out, and training ends when they are no longer served."""

    patience: int = setting(
        0,
        Spec(
            "Patience", "Epochs without a better validation loss before training stops; then the best weights are "
            "restored. 0 is no early stopping.", "int", 0, 1_000_000,
        ),
    )  # fmt: skip
    validation: float = setting(
        0.2,
        Spec(
            "Validation share", "Share of the training rows held out for early stopping; none are without it.",
            "float", 0.05, 0.5,
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SparsitySettings(SettingsPart):
    """What counts as near zero; changes what is counted, never the training."""

    threshold: float = setting(
        1e-3,
        Spec(
            "Near zero below",
            "Weights of a magnitude below it count as near zero.",
            "float",
            0.0,
            1.0,
            is_live=True,
            is_log=True,
        ),
    )
