"""Weights out of the window and into it: the dialogs, what can go wrong, and what is said then."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QWidget

from l1gui.app.asking import ask_to_open
from l1gui.app.mailbox import Frame
from l1gui.app.run import Run
from l1gui.core.network import sizes_text
from l1gui.core.record import Snapshot
from l1gui.data.dataset import Dataset
from l1gui.data.presets import load_data
from l1gui.files.atomic import FileError
from l1gui.files.model import Model, matched, model_of
from l1gui.files.weights import load_model, save_model
from l1gui.settings import RunSettings, SettingError

FILTERS = {
    "NumPy archive (*.npz)": ".npz",
    "JSON, readable (*.json)": ".json",
    "Table of weights (*.csv)": ".csv",
}
FOLDER_KEY = "weights/folder"


def ask_export_path(parent: QWidget, name: str) -> Path | None:
    """Ask where to export to; None when the user thinks better of it."""
    folder = str(QSettings().value(FOLDER_KEY, str(Path.home())))
    start = str(Path(folder) / f"{name}.npz")
    chosen, chosen_filter = QFileDialog.getSaveFileName(parent, "Export the weights", start, ";;".join(FILTERS))
    if not chosen:
        return None
    path = Path(chosen)
    QSettings().setValue(FOLDER_KEY, str(path.parent))
    return path if path.suffix else path.with_suffix(FILTERS.get(chosen_filter, ".npz"))


def ask_open_path(parent: QWidget) -> Path | None:
    """Ask which weights to open; None when the user thinks better of it."""
    return ask_to_open(parent, "Open weights", "Weights (*.npz *.json *.csv);;All files (*)", FOLDER_KEY)


def export(frame: Frame, path: Path) -> str:
    """Write a frame's weights; returns what to tell the user. FileError when they cannot be written."""
    snapshot: Snapshot = frame.snapshot
    save_model(model_of(snapshot, frame.dataset), path)
    counts = snapshot.counts
    return (
        f"Exported the weights after epoch {snapshot.epoch:,} to {path.name}: {counts.count:,} weights, "
        f"{counts.zero:,} of them exactly zero."
    )


def _settings_for(model: Model, current: RunSettings) -> RunSettings:
    """Settings of a run that goes on from the given weights: the file's own, else the current ones of its shape."""
    if model.settings is not None:
        return model.settings
    return current.with_values(hidden=tuple(model.sizes[1:-1]), activation=model.activation)


def open_into(run: Run, path: Path, current: Dataset | None) -> str:
    """Set a run up that starts from the weights in a file; returns what to tell the user.

    Raises
    ------
    FileError
        When the file holds no weights that can be read, or they fit no data that is at hand.
    """
    model = load_model(path)
    settings = _settings_for(model, run.chosen_settings)
    try:
        dataset = load_data(settings) if model.settings is not None or current is None else current
    except SettingError as error:
        raise FileError(f"{path.name}: {error}") from None
    if set(model.input_names) < set(dataset.input_names):
        # A pruned network: its data are the columns that it has kept.
        dataset = dataset.with_inputs([k for k, name in enumerate(dataset.input_names) if name in model.input_names])
    wanted = (dataset.n_inputs, dataset.n_classes if model.output == "softmax" else 1)
    if (model.sizes[0], model.sizes[-1]) != wanted:
        raise FileError(
            f"{path.name} holds a network of {model.sizes[0]} inputs and {model.sizes[-1]} outputs; the data has "
            f"{wanted[0]} and {wanted[1]}. Choose the data that it was trained on first."
        )
    try:
        model = matched(model, dataset)
    except FileError as error:
        raise FileError(f"{path.name}: {error}. Choose the data that it was trained on first.") from None
    run.choose(settings, dataset=dataset, start=model.flat_parameters())
    return f"Opened {path.name}: a {sizes_text(model.sizes)} network. Training goes on from its weights."
