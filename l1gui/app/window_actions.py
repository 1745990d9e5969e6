"""The window's menus: every action with its name, shortcut and what it calls."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

THEMES = ("system", "dark", "light")
VIEW_NAMES = (
    "Decision boundary", "Predicted and true", "Network", "Loss", "Accuracy", "Error", "Sparsity", "Optimality",
    "Weight magnitudes",
)  # fmt: skip


def add_action(
    menu: QMenu, text: str, shortcut: str | QKeySequence.StandardKey, slot: Callable[[], object], help_text: str = ""
) -> QAction:
    """Add an action to a menu; `help_text` is shown while it is pointed at."""
    action = QAction(text, menu)
    if shortcut:
        action.setShortcut(QKeySequence(shortcut))
    action.setToolTip(help_text or text.replace("&", ""))
    action.triggered.connect(slot)
    menu.addAction(action)
    return action


def add_choices(menu: QMenu, names: tuple[str, ...], chosen: str, slot: Callable[[QAction], object]) -> QActionGroup:
    """Add exclusive choices to a menu; `slot` gets the chosen action, whose data is the name."""
    group = QActionGroup(menu)
    for name in names:
        action = QAction(name.capitalize(), group)
        action.setCheckable(True)
        action.setChecked(name == chosen)
        action.setData(name)
        menu.addAction(action)
    group.triggered.connect(slot)
    return group


def add_checks(menu: QMenu, names: tuple[str, ...], slot: Callable[[], object]) -> tuple[QAction, ...]:
    """Add checkable entries, all checked; `slot` is called when one is toggled."""
    actions = []
    for name in names:
        action = QAction(name, menu)
        action.setCheckable(True)
        action.setChecked(True)
        action.setData(name)
        action.triggered.connect(slot)
        menu.addAction(action)
        actions.append(action)
    return tuple(actions)


def menu_of(window: QMainWindow, title: str) -> QMenu:
    """Add a menu to the window's menu bar."""
    menu = window.menuBar().addMenu(title)
    menu.setToolTipsVisible(True)
    return menu
