"""How a table's text is stored: found out from its first bytes, or as the settings say."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from l1gui.data.tables.errors import TableError
from l1gui.data.tables.stream import CONTROLS

TRIED = "utf-8, utf-16 and cp1252"
ZEROS, STRAY_ZEROS = 0.3, 0.02
"""Shares of zero bytes, at least at every other place and at most at those between, that make UTF-16 evident."""

_FOREIGN = {
    b"PK\x03\x04": "a workbook or an archive: give it its right ending, such as .xlsx or .npz",
    b"PAR1": "a Parquet file: give it the ending .parquet",
    b"\x1f\x8b": "a compressed file: unpack it first",
    b"BZh": "a compressed file: unpack it first",
    b"\xfd7zXZ": "a compressed file: unpack it first",
    b"\xd0\xcf\x11\xe0": "an old workbook: save it as .xlsx or as text",
    b"%PDF": "a PDF document: save the table in it as text",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x93NUMPY": "a single NumPy array: save X and y with numpy.savez as .npz",
    codecs.BOM_UTF32_LE: "UTF-32: save it in UTF-8",
    codecs.BOM_UTF32_BE: "UTF-32: save it in UTF-8",
}


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding.

    Attributes
    ----------
    name : str
        As the settings call it.
    codec : str
        As Python does.
    fallback : Encoding or None
        What to read it as when this turns out wrong further on.
    """

    name: str
    codec: str
    fallback: Encoding | None = None

    @property
    def is_wide(self) -> bool:
        """Whether a letter is two bytes."""
        return self.name == "utf-16"


CP1252 = Encoding("cp1252", "cp1252")


def find_encoding(head: bytes, wanted: str = "auto") -> Encoding:
    """Encoding of a text from its first bytes; TableError, with those tried, when it is not text.

    A byte order mark decides; then zero bytes at every other place (UTF-16); then whether it is valid UTF-8; and else
    it is Windows-1252, if each byte is a character there.
    """
    for magic, what in _FOREIGN.items():
        if head.startswith(magic):
            raise TableError(f"this is not text but {what}")
    if wanted != "auto":
        return _as_wanted(head, wanted)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _is_evidently_wide(head):
        return _utf_16(head)
    if any(head.count(bytes([each])) for each in CONTROLS):
        raise TableError(
            f"it holds zero bytes or control characters, so this is not text; tried {TRIED}: save the table as text"
        )
    return _by_validity(head)


def _as_wanted(head: bytes, wanted: str) -> Encoding:
    if wanted == "utf-16":
        return _utf_16(head)
    if wanted == "utf-8":
        return Encoding("utf-8", "utf-8-sig")
    if head.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise TableError(f"it begins with the mark of another encoding than {wanted}: choose --encoding auto")
    return Encoding(wanted, wanted)


def _by_validity(head: bytes) -> Encoding:
    if head.isascii():
        return Encoding("utf-8", "utf-8-sig", fallback=CP1252)
    try:
        # Not final: the last character may be cut in two.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        pass
    else:
        return Encoding("utf-8", "utf-8-sig")
    try:
        head.decode("cp1252")
    except UnicodeDecodeError as error:
        raise TableError(
            f"byte {error.start + 1:,} belongs to no character in any encoding tried ({TRIED}): save it in UTF-8, or "
            "name the encoding (--encoding latin-1)"
        ) from None
    return CP1252


def _zeros(head: bytes, start: int) -> float:
    places = head[start::2]
    return places.count(0) / len(places) if places else 0.0


def _is_evidently_wide(head: bytes) -> bool:
    even, odd = _zeros(head, 0), _zeros(head, 1)
    return max(even, odd) > ZEROS and min(even, odd) < STRAY_ZEROS


def _utf_16(head: bytes) -> Encoding:
    """UTF-16 in the byte order that its mark says, or else its zero bytes."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding("utf-16", "utf-16")
    even, odd = _zeros(head, 0), _zeros(head, 1)
    if not _is_evidently_wide(head):
        raise TableError("its byte order is not to be seen, so this is hardly UTF-16: choose --encoding auto")
    return Encoding("utf-16", "utf-16-le" if odd > even else "utf-16-be")


def decode_head(head: bytes, encoding: Encoding) -> str:
    """Text of the first bytes, a character cut in two left out; TableError when it cannot be."""
    try:
        return codecs.getincrementaldecoder(encoding.codec)().decode(head)
    except UnicodeDecodeError as error:
        raise wrong_encoding(encoding, error.start) from None


def wrong_encoding(encoding: Encoding, place: int | None = None) -> TableError:
    """What to say when a text is not in the encoding that it seemed or was said to be in."""
    where = "it holds a byte that" if place is None else f"byte {place + 1:,}"
    name = "neither utf-8 nor cp1252" if encoding is CP1252 else f"no {encoding.name}"
    return TableError(
        f"{where} is {name}: save the table in UTF-8, or name its encoding (--encoding latin-1)", "encoding"
    )
