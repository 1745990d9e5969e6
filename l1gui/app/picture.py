"""Pictures of the window."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtWidgets import QFileDialog, QWidget

from l1gui.files.atomic import write_atomically


def save(widget: QWidget, path: Path) -> None:
    """Save a picture of a widget as PNG; FileError when it cannot be written."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    widget.grab().save(buffer, "PNG")
    buffer.close()

    def write(stream: BinaryIO) -> None:
        stream.write(data.data())

    write_atomically(path, write)


def ask_and_save(widget: QWidget) -> None:
    """Ask where to, and save a picture of a widget there; FileError when it cannot be written."""
    chosen, _ = QFileDialog.getSaveFileName(widget, "Save a picture of the window", "l1gui.png", "PNG (*.png)")
    if chosen:
        path = Path(chosen)
        save(widget, path if path.suffix else path.with_suffix(".png"))
