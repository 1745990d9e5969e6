"""What comes into the window from outside, and what leaves it: weights, tables, Playground links."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from l1gui.app import weight_files
from l1gui.app.file_field import ask_table_path
from l1gui.app.import_dialog import ImportDialog
from l1gui.app.notice import NoticeBar
from l1gui.app.run import Run
from l1gui.app.states import Speed, speed_of
from l1gui.data.dataset import Dataset
from l1gui.data.playground_links import link_of_settings, settings_of_link
from l1gui.files.atomic import FileError
from l1gui.files.weights import is_weights
from l1gui.settings import TABLE, RunSettings, SettingError

LINK_EPOCHS_PER_SECOND, TABLE_EPOCHS_PER_SECOND = 60, 30


class FileDesk(QObject):
    """Opens what a person drops, pastes or chooses, and saves what they ask for; what goes wrong is said in the notice.

    Signals
    -------
    dataShown(str, str)
        Other data than a preset's are on: their title, and what they are.
    speedAsked(Speed)
        A speed at which the new run can be watched.
    """

    dataShown = Signal(str, str)  # noqa: N815 - Qt's way of naming signals, here and below
    speedAsked = Signal(object)  # noqa: N815

    def __init__(self, run: Run, notice: NoticeBar, window: QWidget) -> None:
        super().__init__(window)
        self._run, self._notice, self._window = run, notice, window

    def open_path(self, path: Path) -> None:
        """Open a file: weights to go on from, or a table to learn from."""
        if is_weights(path):
            self.open_weights(path)
        else:
            self.open_table(path)

    # -- weights --------------------------------------------------------------------------------------------------

    def open_weights(self, path: Path) -> None:
        """Go on from the weights in a file."""
        dataset = self._run.frame.dataset if self._run.frame is not None else None
        try:
            self._notice.show_message(weight_files.open_into(self._run, path, dataset))
        except FileError as error:
            self._notice.show_message(str(error))

    def export_weights(self, path: Path) -> bool:
        """Write the weights to a file; whether it worked."""
        if self._run.frame is None:
            self._notice.show_message("There are no weights yet: the run is still being set up.")
            return False
        try:
            self._notice.show_message(weight_files.export(self._run.frame, path))
        except FileError as error:
            self._notice.show_message(str(error))
            return False
        return True

    @Slot()
    def ask_weights(self) -> None:
        """Ask for weights to go on from."""
        if (path := weight_files.ask_open_path(self._window)) is not None:
            self.open_path(path)

    @Slot()
    def ask_export(self) -> None:
        """Ask where to write the weights."""
        data, table = self._run.settings.data, self._run.settings.table
        name = Path(table.file.replace(":", "-")).stem if data.source == TABLE else data.source
        if (path := weight_files.ask_export_path(self._window, f"{name}-weights")) is not None:
            self.export_weights(path)

    # -- tables ---------------------------------------------------------------------------------------------------

    @Slot()
    def ask_table(self) -> None:
        """Ask for a table to learn from."""
        if (path := ask_table_path(self._window)) is not None:
            self.open_table(path)

    def open_table(self, path: Path) -> None:
        """Show what is in a table, and learn from it when that is asked for."""
        self._show_import(RunSettings().with_values(source=TABLE, file=str(path)))

    @Slot()
    def change_table(self) -> None:
        """Show again how the table that is on was read."""
        if self._run.settings.data.source == TABLE:
            self._show_import(self._run.chosen_settings)

    def _show_import(self, settings: RunSettings) -> None:
        dialog = ImportDialog(settings, self._window)
        dialog.imported.connect(self._on_imported)
        dialog.open()

    @Slot(object, object)
    def _on_imported(self, settings: RunSettings, dataset: Dataset) -> None:
        self._take(settings, dataset.name, dataset.about, TABLE_EPOCHS_PER_SECOND, dataset)
        self._notice.show_message(" ".join((f"{dataset.name} is on: {dataset.about}", *dataset.notes)))

    # -- Playground links -----------------------------------------------------------------------------------------

    @Slot()
    def paste_link(self) -> None:
        """Take the Playground link on the clipboard for the run."""
        self.open_link(QGuiApplication.clipboard().text())

    def open_link(self, text: str) -> None:
        """Take a Playground link for the run."""
        try:
            settings, notes = settings_of_link(text)
        except SettingError as error:
            self._notice.show_message(f"No Playground run: {error}")
            return
        about = "The same run as the link's, number by number; now lambda can move while it trains."
        self._take(settings, "TensorFlow Playground", about, LINK_EPOCHS_PER_SECOND)
        self._notice.show_message(" ".join(("The Playground's run is on, from its own start.", *notes)))

    @Slot()
    def copy_link(self) -> None:
        """Put a Playground link that makes the run that is on onto the clipboard, where there is one."""
        frame = self._run.current_frame
        link, reason = "", ""
        if frame is not None and frame.dataset.is_edited:
            reason = "its rows have been edited, and a link cannot hold them"
        elif frame is not None and frame.snapshot.events:
            reason = "its settings were changed while it trained; press Reset first"
        else:
            try:
                link = link_of_settings(self._run.settings)
            except SettingError as error:
                reason = str(error)
        if link:
            QGuiApplication.clipboard().setText(link)
        self._notice.show_message(f"Copied: {link}" if link else f"No Playground link for this run: {reason}")

    def _take(self, settings: RunSettings, title: str, about: str, rate: float, dataset: Dataset | None = None) -> None:
        self.dataShown.emit(title, about)
        speed: Speed = speed_of(rate)
        self.speedAsked.emit(speed)
        self._run.choose(settings, dataset=dataset)
