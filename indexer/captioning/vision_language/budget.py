"""Vision tokens per second of video decide how many frames a model is shown, and how large. Pure.

What a caption costs is nearly linear in them, so they are the one knob between quality and speed.
"""

import math
from dataclasses import dataclass
from typing import Final

from indexer.captioning.base import FrameRequest
from indexer.captioning.vision_language.limits import Grid, Limits, Square

TOKENS_PER_SECOND: Final = 88.0
# At 88 tokens a second a model of 2 to 4 billion parameters keeps up with hundreds of cameras on one GPU (the table in
# docs/vision_language.md), and a frame of every second is still 544 x 320 pixels: people, actions and larger signs can
# be told. What more brings is measured by `python -m benchmarks.captioning budget`.

_LONGEST_S: Final = 20.0  # of a segment that shot detection makes
_LEAST_GRID: Final = 12  # tokens of a picture below which nothing can be told apart
_LARGEST_SIDE: Final = 2048
_STILLS: Final = 3  # frames of which the sharpest is taken


@dataclass(frozen=True, slots=True)
class FramePlan:
    """Which frames are asked for, how many pixels one may keep (None: the model has one size for all), and the vision
    tokens that come of it for each second of a segment of usual length."""

    wants: FrameRequest
    most_pixels: int | None
    tokens_per_second: float


def plan_frames(limits: Limits, tokens_per_second: float = TOKENS_PER_SECOND) -> FramePlan:
    """The most that holds the budget; where even the least that the model can be shown costs more, that."""
    picture = limits.picture
    if limits.way == "one image":
        side = picture.side if isinstance(picture, Square) else 448
        return FramePlan(FrameRequest(0.5, _STILLS, _STILLS, _wide(side)), None, 0.0)
    if isinstance(picture, Square):
        return _squares(limits, picture, tokens_per_second)
    return _grids(limits, picture, tokens_per_second)


def _squares(limits: Limits, picture: Square, budget: float) -> FramePlan:
    """The size is the model's own, so the budget is one of frames."""
    rate = min(budget / picture.tokens, limits.most_per_second)
    wants = _request(limits, rate, longest_side=_wide(picture.side), multiple=1)
    return FramePlan(wants, None, rate * picture.tokens)


def _grids(limits: Limits, picture: Grid, budget: float) -> FramePlan:
    """More budget brings more frames and larger ones, both by its square root; what one may not have the other gets."""
    share = budget * picture.temporal  # tokens of a picture that holds `temporal` frames, at one frame a second
    rate = min(math.sqrt(budget / TOKENS_PER_SECOND), limits.most_per_second)
    for _ in range(2):
        most = _most_tokens(picture, _most_frames(limits, rate, picture.temporal))
        least = min(_least_tokens(picture, _least_frames(limits, picture.temporal)), most)
        tokens = min(max(share / rate, least), most)
        rate = min(share / tokens, limits.most_per_second)
    most = _most_tokens(picture, _most_frames(limits, rate, picture.temporal))
    across, down = _grid_within(min(max(share / rate, least), most))
    wants = _request(limits, rate, longest_side=across * picture.factor, multiple=picture.temporal)
    return FramePlan(wants, across * down * picture.factor**2, rate / picture.temporal * across * down)


def _most_tokens(picture: Grid, frames: int) -> float:
    """Of the largest picture that this many frames may be."""
    pixels = picture.most_pixels / (frames if picture.pixels_of == "clip" else 1)
    largest = _LARGEST_SIDE // picture.factor
    return max(1.0, min(pixels / picture.factor**2, largest * largest * 9 / 16))


def _least_tokens(picture: Grid, frames: int) -> float:
    pixels = picture.least_pixels / (frames if picture.pixels_of == "clip" else 1)
    return max(pixels / picture.factor**2, _LEAST_GRID)


def _grid_within(tokens: float) -> tuple[int, int]:
    """Squares across and down of the widest 16:9 picture of so many tokens at most; of one where less is asked for."""
    across = max(1, math.ceil(math.sqrt(tokens * 16 / 9)) + 1)
    while across > 1 and across * _down(across) > tokens:
        across -= 1
    return across, _down(across)


def _down(across: int) -> int:
    return max(1, round(across * 9 / 16))


def _request(limits: Limits, rate: float, *, longest_side: int, multiple: int) -> FrameRequest:
    return FrameRequest(
        per_second=round(rate, 3),
        at_least=_least_frames(limits, multiple),
        at_most=_most_frames(limits, rate, multiple),
        longest_side=max(32, min(longest_side, _LARGEST_SIDE)),
    )


def _least_frames(limits: Limits, multiple: int) -> int:
    """Two pictures at least, or nothing could be seen to move."""
    return _to_multiple(min(max(limits.least_frames, 2 * multiple), max(limits.most_frames, multiple)), multiple)


def _most_frames(limits: Limits, rate: float, multiple: int) -> int:
    wanted = _to_multiple(math.ceil(rate * _LONGEST_S), multiple)
    most = max(multiple, limits.most_frames - limits.most_frames % multiple)
    return max(_least_frames(limits, multiple), min(wanted, most))


def _to_multiple(count: int, multiple: int) -> int:
    return math.ceil(count / multiple) * multiple


def _wide(side: int) -> int:
    """Longest side of a 16:9 picture whose shorter side is `side`: squares keep all of their pixels' rows."""
    return min(round(side * 16 / 9 / 2) * 2, 1024)
