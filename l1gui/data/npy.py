"""A NumPy array out of its bytes, by hand: NumPy's own reader trusts what the header says, and evaluates it."""

from __future__ import annotations

import re
import struct
from typing import Any

import numpy as np
import numpy.typing as npt

from l1gui.faults import FileError

MAX_HEADER = 10_000
MAGIC = b"\x93NUMPY"
_PATTERNS = {
    "descr": re.compile(r"""['"]descr['"]\s*:\s*['"]([<>|=]?[fiubU]\d{1,8})['"]"""),
    "fortran_order": re.compile(r"""['"]fortran_order['"]\s*:\s*(True|False)\b"""),
    "shape": re.compile(r"""['"]shape['"]\s*:\s*\(([\d\s,L]{0,99})\)"""),
}


def read_npy(packed: bytes) -> npt.NDArray[Any]:
    """An array of numbers or texts from the bytes of a .npy file.

    Raises
    ------
    ValueError
        When they are none.
    FileError
        When they hold objects, which could run code.
    """
    if packed[:6] != MAGIC or packed[6:7] not in (b"\1", b"\2", b"\3"):
        raise ValueError("a member is no NumPy array")
    length, start = struct.unpack_from("<H", packed, 8)[0], 10
    if packed[6] > 1:
        length, start = struct.unpack_from("<I", packed, 8)[0], 12
    if length > MAX_HEADER:
        raise ValueError("an array's header is too long")
    dtype, is_fortran, shape = _header(packed[start : start + length].decode("latin-1"))
    count = 1
    for extent in shape:
        count *= extent
    if count * dtype.itemsize != len(packed) - start - length:
        raise ValueError("an array is not as long as its header says")
    flat = np.frombuffer(packed, dtype=dtype, count=count, offset=start + length) if count else np.zeros(0, dtype)
    return flat.reshape(shape, order="F" if is_fortran else "C")


def _header(text: str) -> tuple[np.dtype[Any], bool, tuple[int, ...]]:
    """Type, order and shape from an array's header, which is a Python dict; it is matched, not evaluated."""
    if re.search(r"""['"]\|?O\d*['"]""", text):
        raise FileError("it holds objects instead of numbers; such files are not read, they could run code")
    found = {key: pattern.findall(text) for key, pattern in _PATTERNS.items()}
    if not all(len(matches) == 1 for matches in found.values()):
        raise ValueError("an array's header is not that of numbers")
    extents = [part.strip().rstrip("L") for part in found["shape"][0].split(",")]
    try:
        shape = tuple(int(part) for part in extents if part)
        return np.dtype(found["descr"][0]), found["fortran_order"][0] == "True", shape
    except TypeError as error:
        raise ValueError("an array's header is not that of numbers") from error
