"""The main window: controls at the left, views at the right, menus, notices and the status line around them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from l1gui.app import picture, theme
from l1gui.app.article_dialog import ArticleDialog
from l1gui.app.collapse_watch import CollapseWatch
from l1gui.app.controls.column import ControlColumn
from l1gui.app.file_desk import FileDesk
from l1gui.app.mailbox import Frame
from l1gui.app.notice import NoticeBar
from l1gui.app.pruner import Pruner
from l1gui.app.run import ENDED, Run
from l1gui.app.states import RunState, Speed, speed_of
from l1gui.app.status import StatusLine
from l1gui.app.window_actions import THEMES, VIEW_NAMES, add_action, add_checks, add_choices, menu_of
from l1gui.data.presets import data_words, preset
from l1gui.files.atomic import FileError
from l1gui.settings import DEFAULT_PRESET, RunSettings

if TYPE_CHECKING:
    from l1gui.app.view_area import ViewArea

SMALLEST = QSize(800, 560)
THEME_KEY = "window/theme"

ABOUT = (
    "l1gui shows L1 regularization at work on a neural network, and exports the small network that is left.\n\n"
    "It grew from 'Neural Network L1 Regularization Using Python' (2017). Help > The article's numbers reproduces "
    "its figures and says where they come from."
)


class MainWindow(QMainWindow):
    """The window; shows itself before the plots are there, `install_views` adds them.

    Signals
    -------
    drawn(Frame)
        A frame has been handed to the views.
    """

    drawn = Signal(object)

    def __init__(self, preset_id: str | None, settings: RunSettings | None, theme_name: str) -> None:
        super().__init__()
        self.setWindowTitle("l1gui")
        self.setMinimumSize(SMALLEST)
        self.setAcceptDrops(True)
        chosen = preset(preset_id or DEFAULT_PRESET)
        self._theme_name = theme_name
        self._palette = theme.palette_named(theme_name)
        self.views: ViewArea | None = None
        self.run = Run(settings or chosen.settings, chosen.compare if preset_id else (), self)
        self.column = ControlColumn()
        self.notice = NoticeBar()
        self.status = StatusLine()
        self.files = FileDesk(self.run, self.notice, self)
        self.pruner = Pruner(self.run, self.notice, self)
        self.collapse = CollapseWatch(self.run, self)
        self._waiting = QLabel("Loading the plots…", alignment=Qt.AlignmentFlag.AlignCenter)
        self._waiting.setObjectName("hint")
        self._build_layout()
        self._build_menus()
        self._connect()
        self.apply_theme()
        self.column.show_preset(chosen)
        if self.run.settings.data.source != chosen.settings.data.source:
            self.column.show_data(*data_words(self.run.settings))
        self.set_speed(speed_of(chosen.epochs_per_second))

    def _build_layout(self) -> None:
        right = QWidget()
        self._right = QVBoxLayout(right)
        self._right.setContentsMargins(0, 0, 0, 0)
        self._right.setSpacing(0)
        self._right.addWidget(self.notice)
        self._right.addWidget(self._waiting, 1)
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.column)
        middle.addWidget(right, 1)
        centre = QWidget()
        outer = QVBoxLayout(centre)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(middle, 1)
        outer.addWidget(self.status)
        self.setCentralWidget(centre)

    def _build_menus(self) -> None:
        keys = QKeySequence.StandardKey
        files = menu_of(self, "&File")
        desk = self.files
        add_action(files, "Open a &table…", "Ctrl+T", desk.ask_table, "Learn from the rows of a file")
        add_action(files, "&Open weights…", keys.Open, desk.ask_weights, "Go on from weights saved before")
        add_action(files, "&Export weights…", "Ctrl+E", desk.ask_export, "Save the weights as .npz, .json or .csv")
        files.addSeparator()
        add_action(
            files, "&Paste Playground link", "Ctrl+Shift+V", desk.paste_link, "Make its run here, from the clipboard"
        )
        add_action(
            files, "&Copy as Playground link", "Ctrl+Shift+C", desk.copy_link, "A link that makes this run there"
        )
        files.addSeparator()
        add_action(files, "Save &picture…", "Ctrl+Shift+S", self._on_save_picture, "Save a picture of the window")
        files.addSeparator()
        add_action(files, "&Quit", keys.Quit, self.close)
        run = menu_of(self, "&Run")
        add_action(run, "&Train or pause", "F5", self.run.toggle)
        add_action(run, "Step one &epoch", "F6", self.run.step_epoch)
        add_action(run, "Step one &update", "Shift+F6", self.run.step_update)
        add_action(run, "&Prune", "Ctrl+P", self.pruner.prune, "Leave out what zeros have made useless")
        add_action(run, "&Reset", "Ctrl+R", self.run.reset, "Back to the start: the same seed gives the same run")
        view = menu_of(self, "&View")
        self._view_checks = add_checks(view, VIEW_NAMES, self._on_views_checked)
        view.addSeparator()
        self._theme_group = add_choices(view.addMenu("&Theme"), THEMES, self._theme_name, self._on_theme_chosen)
        help_menu = menu_of(self, "&Help")
        add_action(help_menu, "The &article's numbers…", "F1", self.show_article, "Published beside obtained")
        add_action(help_menu, "&About l1gui…", "", self._on_about)

    def _connect(self) -> None:
        column, run = self.column, self.run
        column.presetChosen.connect(self._on_preset_chosen)
        column.settingEdited.connect(run.change)
        column.trainToggled.connect(run.toggle)
        column.stepRequested.connect(run.step)
        column.resetRequested.connect(run.reset)
        column.exportRequested.connect(self.files.ask_export)
        column.tableRequested.connect(self.files.ask_table)
        column.tableChangeRequested.connect(self.files.change_table)
        column.linkPasted.connect(self.files.paste_link)
        self.files.dataShown.connect(column.show_data)
        self.files.speedAsked.connect(self.set_speed)
        column.pruneRequested.connect(self.pruner.prune)
        column.set_check(run.check)
        self.collapse.marksChanged.connect(column.show_marks)
        column.speedChosen.connect(run.set_speed)
        run.prepared.connect(self.status.show_notice)
        run.prepared.connect(self._on_prepared)
        run.frameArrived.connect(self._on_frame)
        run.stateChanged.connect(self._on_state_changed)
        run.settingsChanged.connect(column.show_settings)
        run.recordsChanged.connect(self._on_records_changed)
        run.failed.connect(self.notice.show_message)
        QApplication.styleHints().colorSchemeChanged.connect(self._on_system_theme_changed)

    def install_views(self) -> None:
        """Build the views, once pyqtgraph has been imported."""
        from l1gui.app.view_area import ViewArea  # noqa: PLC0415 - slow to import, so behind the first paint

        self.views = ViewArea(self._palette)
        self._right.replaceWidget(self._waiting, self.views)
        self._right.setStretchFactor(self.views, 1)
        self._waiting.deleteLater()
        self.views.boundaryRequested.connect(self.run.set_boundary)
        self.views.predictionsRequested.connect(self.run.set_predictions)
        self.views.boundary.editor.edited.connect(self.run.take_rows)
        self.views.show_records(self.run.records)
        if self.run.frame is not None:
            self.views.show_frame(self.run.frame)
        self.run.set_boundary(self.views.wanted_boundary)
        self.views.take_checks(self._view_checks)
        self._on_views_checked()

    def set_speed(self, speed: Speed) -> None:
        """Choose a speed, in the controls too."""
        self.column.show_speed(speed)
        self.run.set_speed(speed)

    def apply_theme(self) -> None:
        """Put the chosen theme on everything."""
        self._palette = theme.palette_named(self._theme_name)
        theme.apply_theme(self._palette)
        self.column.set_palette(self._palette)
        if self.views is not None:
            self.views.set_palette(self._palette)

    @Slot()
    def show_article(self) -> None:
        """Open the article's numbers."""
        dialog = ArticleDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @Slot(str)
    def _on_preset_chosen(self, preset_id: str) -> None:
        chosen = preset(preset_id)
        self.notice.hide()
        self.column.show_preset(chosen)
        self.set_speed(speed_of(chosen.epochs_per_second))
        self.run.choose(chosen.settings, chosen.compare)

    @Slot(str)
    def _on_prepared(self, notice: str) -> None:
        if notice:
            self.notice.show_message(notice)

    @Slot(object)
    def _on_frame(self, frame: Frame) -> None:
        self.status.show_frame(frame, self.run.label)
        self.column.show_snapshot(frame.snapshot)
        if self.views is not None:
            self.views.show_frame(frame)
            self.drawn.emit(frame)

    @Slot(object)
    def _on_state_changed(self, state: RunState) -> None:
        self.column.show_state(state)
        if state in (RunState.PREPARING, RunState.READY, RunState.FAILED):
            self.status.show_state(state)
        if state in ENDED and self.run.frame is not None and self.run.frame.snapshot.message:
            self.notice.show_message(self.run.frame.snapshot.message)
        elif state is RunState.RUNNING:
            self.notice.hide()

    @Slot(object)
    def _on_records_changed(self, records: tuple[Any, ...]) -> None:
        if self.views is not None:
            self.views.show_records(records)

    @Slot()
    @Slot()
    def _on_save_picture(self) -> None:
        try:
            picture.ask_and_save(self)
        except FileError as error:
            self.notice.show_message(str(error))

    @Slot()
    def _on_about(self) -> None:
        QMessageBox.about(self, "About l1gui", ABOUT)

    @Slot()
    def _on_views_checked(self) -> None:
        if self.views is not None:
            for action in self._view_checks:
                self.views.show_view(action.data(), is_shown=action.isChecked())

    @Slot(QAction)
    def _on_theme_chosen(self, action: QAction) -> None:
        self._theme_name = action.data()
        QSettings().setValue(THEME_KEY, self._theme_name)
        self.apply_theme()

    @Slot(Qt.ColorScheme)
    def _on_system_theme_changed(self, _scheme: Qt.ColorScheme) -> None:
        if self._theme_name == "system":
            self.apply_theme()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take files that are dragged in."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Open the first dropped file, weights or table; or take a dropped Playground link."""
        urls = event.mimeData().urls()
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if paths:
            self.files.open_path(paths[0])
        elif urls:
            self.files.open_link(urls[0].toString())

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """End the training thread before the window goes."""
        self.collapse.shut_down()
        self.run.shut_down()
        event.accept()
