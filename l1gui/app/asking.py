"""Asking for a file to open, in the folder where one of its kind was opened or saved last."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QWidget


def ask_to_open(parent: QWidget, title: str, kinds: str, folder_key: str) -> Path | None:
    """Ask which file to open; None when the user thinks better of it. The folder is kept under `folder_key`."""
    folder = str(QSettings().value(folder_key, str(Path.home())))
    chosen, _ = QFileDialog.getOpenFileName(parent, title, folder, kinds)
    if not chosen:
        return None
    QSettings().setValue(folder_key, str(Path(chosen).parent))
    return Path(chosen)
