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
_USUAL_S: Final = 10.0
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


def clip_bytes(wants: FrameRequest, *, number_bytes: int) -> int:
    """Memory that a 16:9 clip of usual length takes on its way to a model: its frames, of a byte a value, and what is
    made of them, of `number_bytes` a value. One of the longest takes twice as much."""
    values = 3 * _frames_of(wants, _USUAL_S) * wants.longest_side**2 * 9 // 16
    return max(1, values * (1 + number_bytes))


def _squares(limits: Limits, picture: Square, budget: float) -> FramePlan:
    """The size is the model's own, so the budget is one of frames."""
    rate = min(budget / picture.tokens, limits.most_per_second)
    wants = _request(limits, rate, longest_side=_wide(picture.side), multiple=1)
    return FramePlan(wants, None, picture.tokens * _frames_of(wants, _USUAL_S) / _USUAL_S)


def _grids(limits: Limits, picture: Grid, budget: float) -> FramePlan:
    """More budget brings more frames and larger ones, both by its square root; what one may not have the other gets."""
    share = budget * picture.temporal  # tokens of a picture that holds `temporal` frames, at one frame a second
    most = _most_tokens(limits, picture)
    least = min(_least_tokens(limits, picture), most)
    slowest = _least_frames(limits, picture.temporal) / _USUAL_S  # so many come, however slowly they are asked for
    rate = min(math.sqrt(budget / TOKENS_PER_SECOND), limits.most_per_second)
    tokens = min(max(share / max(rate, slowest), least), most)
    rate = min(share / tokens, limits.most_per_second)
    across, down = _grid_within(min(max(share / max(rate, slowest), least), most))
    wants = _request(limits, rate, longest_side=across * picture.factor, multiple=picture.temporal)
    pictures = math.ceil(_frames_of(wants, _USUAL_S) / picture.temporal)
    return FramePlan(wants, across * down * picture.factor**2, across * down * pictures / _USUAL_S)


def _most_tokens(limits: Limits, picture: Grid) -> float:
    """Of the largest picture that each frame of a usual segment may be, when they come as fast as they may."""
    frames = max(1.0, min(limits.most_frames, limits.most_per_second * _USUAL_S))
    pixels = picture.most_pixels / (frames if picture.pixels_of == "clip" else 1)
    across, down = _grid_within(_LARGEST_SIDE**2 * 9 / 16 / picture.factor**2)
    return max(1.0, min(pixels / picture.factor**2, across * down))


def _least_tokens(limits: Limits, picture: Grid) -> float:
    frames = _least_frames(limits, picture.temporal) if picture.pixels_of == "clip" else 1
    return max(picture.least_pixels / frames / picture.factor**2, _LEAST_GRID)


def _frames_of(wants: FrameRequest, seconds: float) -> int:
    return min(max(round(seconds * wants.per_second), wants.at_least), wants.at_most)


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
        per_second=max(round(rate, 3), 0.001),
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
