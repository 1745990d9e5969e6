"""The links of a network drawn into pixels, smooth-edged; many times faster than a painter's wide pens.

The loops are `core/raster.py`; until these are compiled, NumPy does it.

Each link is a line from one column of units to the next, so that its height is a function of x: the pixels that it
covers are found per column, for many links at once. Where links cross, their inks mix, whatever their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from l1gui.core import raster
from l1gui.core.raster import FAINT, LEAST_INK, STRONG, THICK, THIN

Floats = npt.NDArray[np.float32]
Colour = tuple[int, int, int]

TALLS = (*range(2, 13), 16, 20, 26, 34, 48, 68, 96, 136, 192)
"""Rows that a link may cover in one column of pixels; those of the same number are drawn together."""
CHUNK = 400_000
"""Pixels that are worked on at a time, so that memory stays small."""


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Links of one sign between two columns of units, in pixels.

    Attributes
    ----------
    x : (float, float)
        Where the columns are.
    starts, ends : float32 arrays of shape (n_links,)
        Heights of their ends.
    strengths : float32 array of shape (n_links,)
        From 0 to 1: thin and faint to thick and opaque.
    """

    x: tuple[float, float]
    starts: Floats
    ends: Floats
    strengths: Floats


def links_between(start: npt.NDArray[np.float64], end: npt.NDArray[np.float64], strengths: Floats) -> Links:
    """Links between units at `start`, shape (n_in, 2), and `end`; those of `strengths` above 0 are there."""
    i, j = np.nonzero(strengths > 0)
    heights = start[i, 1].astype(np.float32), end[j, 1].astype(np.float32)
    return Links((float(start[0, 0]), float(end[0, 0])), *heights, strengths[i, j].astype(np.float32))


def ink_planes(signs: Sequence[Sequence[Links]], width: int, height: int, ratio: float) -> Floats:
    """Ink on each pixel, shape (n_signs, height * width): 0 for none, opacity / (1 - opacity) in general."""
    size = width * height
    at, ink = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.float32)]
    for number, layers in enumerate(signs):
        for links in layers:
            for pixels, amounts in _covered(links, width, ratio):
                at.append(np.clip(pixels.ravel(), 0, size - 1) + number * size)
                ink.append(amounts.ravel())
    planes = np.bincount(np.concatenate(at), np.concatenate(ink), minlength=len(signs) * size)
    return planes.astype(np.float32).reshape(len(signs), size)


def _covered(links: Links, width: int, ratio: float) -> Iterator[tuple[npt.NDArray[np.int64], Floats]]:
    """Pixels (row * width + column) that links cover, and the ink on them; none twice for one link."""
    x0, x1 = links.x
    columns = np.arange(max(0, int(np.ceil(x0))), min(width, int(x1) + 1))
    if not len(links.strengths) or not len(columns):
        return
    share = ((columns - x0) / (x1 - x0)).astype(np.float32)
    rise = links.ends - links.starts
    half = np.float32(0.5 * ratio) * (THIN + (THICK - THIN) * links.strengths**2)
    opacity = FAINT + (STRONG - FAINT) * links.strengths
    slim = 1 / np.sqrt(1 + (rise / np.float32(x1 - x0)) ** 2)
    tops = (half + np.float32(0.5)) / slim
    talls = np.searchsorted(TALLS, 2 * tops + 1)
    for group in np.unique(talls):
        tall = TALLS[min(group, len(TALLS) - 1)]
        rows = np.arange(tall)
        size = max(1, CHUNK // (len(columns) * tall))
        members = np.flatnonzero(talls == group)
        for own in np.split(members, range(size, len(members), size)):
            middle = links.starts[own, None] + rise[own, None] * share
            base = np.ceil(middle - tops[own, None])
            away = np.abs((base - middle)[:, :, None] + rows.astype(np.float32)) * slim[own, None, None]
            cover = np.subtract((half[own] + np.float32(0.5))[:, None, None], away, out=away)
            np.clip(cover, 0, np.minimum(1, 2 * half[own])[:, None, None], out=cover)
            cover *= (opacity / (1 - opacity))[own, None, None]
            first = base.astype(np.int64) * width + columns
            yield first[:, :, None] + rows * width, cover


def draw_links(
    positive: Sequence[Links], negative: Sequence[Links], size: tuple[int, int], ratio: float, colours: Sequence[Colour]
) -> npt.NDArray[np.uint32]:
    """Picture of all links, shape (height, width), pixels as 0xffrrggbb.

    Parameters
    ----------
    positive, negative : sequences of Links
        Per layer.
    size, ratio : (int, int), float
        Width and height in pixels, and pixels per logical one, which scales the lines' widths.
    colours : sequence of three colours
        Of the ground, of positive and of negative links.
    """
    width, height = size
    if raster.is_compiled():
        return _draw_compiled(positive, negative, size, ratio, colours)
    planes = ink_planes((positive, negative), width, height, ratio)
    inked = np.flatnonzero(planes[0] + planes[1] > LEAST_INK)
    inks = planes[:, inked]
    inks /= 1 + inks[0] + inks[1]
    picture = np.full(height * width, _packed(colours[0]), dtype=np.uint32)
    mixed = np.full(len(inked), 0xFF, dtype=np.uint32)
    for ground, first, second in zip(*colours, strict=True):
        channel = ground + inks[0] * np.float32(first - ground) + inks[1] * np.float32(second - ground)
        mixed = (mixed << np.uint32(8)) | channel.astype(np.uint32)
    picture[inked] = mixed
    return picture.reshape(height, width)


def _draw_compiled(
    positive: Sequence[Links], negative: Sequence[Links], size: tuple[int, int], ratio: float, colours: Sequence[Colour]
) -> npt.NDArray[np.uint32]:
    """`draw_links` by the loops of `core/raster.py`."""
    signed = [(links, sign) for layers, sign in ((positive, 1), (negative, -1)) for links in layers]
    columns = np.empty((sum(len(links.starts) for links, _ in signed), 5), dtype=np.float32)
    at = 0
    for links, sign in signed:
        own = columns[at : at + len(links.starts)]
        own[:, raster.X0], own[:, raster.X1] = links.x
        own[:, raster.Y0], own[:, raster.Y1], own[:, raster.STRENGTH] = links.starts, links.ends, sign * links.strengths
        at += len(own)
    planes = np.empty((2, size[1], size[0]), dtype=np.float32)
    picture = np.empty((size[1], size[0]), dtype=np.uint32)
    raster.add_ink(columns, float(ratio), planes)
    raster.mix(planes, np.array(colours, dtype=np.float32), picture)
    return picture


def _packed(colour: Colour) -> int:
    return 0xFF000000 | colour[0] << 16 | colour[1] << 8 | colour[2]
