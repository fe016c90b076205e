"""How pictures look, as far as the frame table tells, and how much two of them differ. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.segmentation.measure import FrameTable

Floats = NDArray[np.float32]

_PICTURES = 5  # of each shot that are compared
_BASE = 12.0  # levels of 255 added to the contrast that differences of colour are held against: noise counts little
_EMPTY = 0.8  # of the pixels in one sixteenth of the luma range: measured 0.83 and more on cards, 0.75 and less else


@dataclass(frozen=True, slots=True)
class Looks:
    """Of n pictures: `colours` (n, 36) mean red, green and blue over a grid, 0..255; `shades` (n, 16) the histogram of
    luma, 0..1; `contrast` (n,) how far the colours are from their mean."""

    colours: Floats
    shades: Floats
    contrast: Floats

    @property
    def empty(self) -> bool:
        """Whether all of them are of one shade, or nearly so: black, white, a title on black."""
        return bool((self.shades.max(axis=1) >= _EMPTY).all())

    @property
    def with_content(self) -> "Looks":
        """Those that are not, if there are any."""
        kept = self.shades.max(axis=1) < _EMPTY
        return Looks(self.colours[kept], self.shades[kept], self.contrast[kept]) if kept.any() else self


def looks_of(rows: FrameTable) -> Looks:
    colours = rows["colours"].reshape(len(rows), 36).astype(np.float32)
    shades = rows["histogram"].astype(np.float32) / np.float32(255)
    even = rows["colours"].reshape(len(rows), 12, 3).mean(axis=1, dtype=np.float32)
    contrast: Floats = np.abs(colours - np.tile(even, 12)).mean(axis=1)
    return Looks(colours, shades, contrast)


def looks_within(table: FrameTable, start: int, end: int) -> Looks:
    """Of a few pictures spread over a shot of rows start..end-1, its first and last left out (they may be of an edit),
    and so those without content if there are others."""
    places = np.linspace(start, end - 1, _PICTURES + 2)[1:-1].astype(np.int64)
    return looks_of(table[np.unique(places)]).with_content


def differences(some: Looks, others: Looks) -> Floats:
    """(n, m): 0 for equal pictures, up to 0.3 for one place from one side, about 1 for two places. Of colours, part by
    part and relative to their contrast (dark places are not all alike), and of shades."""
    colours = np.abs(some.colours[:, None] - others.colours[None]).mean(axis=2)
    shades = np.abs(some.shades[:, None] - others.shades[None]).sum(axis=2) / 2
    both: Floats = colours / _contrasts(some, others) / 2 + shades
    return both


def palette_differences(some: Looks, others: Looks) -> Floats:
    """(n, m), as `differences`, but wherever in the picture the colours stand: those of one place from two sides are
    alike. Each part is held against the part of the other picture that is nearest in colour (a chamfer distance)."""
    parts, other_parts = some.colours.reshape(-1, 1, 12, 1, 3), others.colours.reshape(1, -1, 1, 12, 3)
    steps = np.abs(parts - other_parts).mean(axis=4)
    colours = np.maximum(steps.min(axis=3).mean(axis=2), steps.min(axis=2).mean(axis=2))
    darker = np.cumsum(some.shades, axis=1)[:, None] - np.cumsum(others.shades, axis=1)[None]
    both: Floats = colours / _contrasts(some, others) + 2 * np.abs(darker).mean(axis=2)
    return both


def _contrasts(some: Looks, others: Looks) -> Floats:
    return (some.contrast[:, None] + others.contrast[None]) / np.float32(2) + np.float32(_BASE)
