"""The compiled loops behind the network's picture: ink of smooth-edged links, and the pixels that it makes.

`app/link_raster.py` says what ink is and does the same in NumPy, which is what runs uncompiled.
"""

from __future__ import annotations

import math

import numpy as np

from l1gui.core.compiled import compiled, plain

X0, X1, Y0, Y1, STRENGTH = range(5)
"""Columns of the links: where each begins and ends, and its strength, from 0 to 1, below 0 for a negative weight."""

THIN, THICK = 0.6, 4.0
FAINT, STRONG = 0.16, 0.95
LEAST_INK = 0.004
"""Less than this on a pixel cannot be seen."""


@compiled
def add_ink(links, ratio, planes):
    """Fill the planes with the ink of all links.

    Parameters
    ----------
    links : float32 array of shape (n_links, 5)
        A link in each row.
    ratio : float
        Pixels per logical one.
    planes : float32 array of shape (2, height, width)
        Ink of positive and of negative links, written anew.
    """
    height, width = planes.shape[1], planes.shape[2]
    planes[:] = np.float32(0.0)
    scale, one, half_px = np.float32(0.5 * ratio), np.float32(1.0), np.float32(0.5)
    thin, more = np.float32(THIN), np.float32(THICK - THIN)
    faint, rest = np.float32(FAINT), np.float32(STRONG - FAINT)
    for k in range(links.shape[0]):
        x0, x1, start = links[k, X0], links[k, X1], links[k, Y0]
        plane = planes[0 if links[k, STRENGTH] > np.float32(0.0) else 1]
        strength = abs(links[k, STRENGTH])
        half, opacity = scale * (thin + more * (strength * strength)), faint + rest * strength
        amount, most = opacity / (one - opacity), min(one, half + half)
        slope = (links[k, Y1] - start) / (x1 - x0)
        slim = one / np.sqrt(one + slope * slope)
        edge = half + half_px
        reach = edge / slim
        for x in range(max(0, math.ceil(x0)), min(width, int(x1) + 1)):
            middle = start + slope * (np.float32(x) - x0)
            for y in range(max(0, math.ceil(middle - reach)), min(height, math.floor(middle + reach) + 1)):
                plane[y, x] += amount * min(most, max(np.float32(0.0), edge - abs(np.float32(y) - middle) * slim))


@compiled
def mix(planes, colours, picture):
    """Fill the picture, uint32 of shape (height, width), with 0xffrrggbb.

    `colours`, float32 of shape (3, 3), are those of the ground, of positive and of negative links.
    """
    one, least = np.float32(1.0), np.float32(LEAST_INK)
    ground = 255
    for c in range(3):
        ground = 256 * ground + int(colours[0, c])
    for y in range(picture.shape[0]):
        for x in range(picture.shape[1]):
            first, second = planes[0, y, x], planes[1, y, x]
            total = first + second
            if total <= least:
                picture[y, x] = ground
                continue
            share = one / (one + total)
            first, second = first * share, second * share
            pixel = 255
            for c in range(3):
                base = colours[0, c]
                pixel = 256 * pixel + int(base + first * (colours[1, c] - base) + second * (colours[2, c] - base))
            picture[y, x] = pixel


def is_compiled() -> bool:
    """Whether the loops are compiled."""
    return add_ink is not plain["add_ink"]
