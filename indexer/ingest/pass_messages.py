"""What a pass over a file tells from its sandbox, and what of that is believed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import isfinite
from typing import NamedTuple

from indexer.domain import Decoded, Frame, Reading
from indexer.media import Spooled, SpoolOrder
from indexer.segmentation import Plan
from indexer.timecode import TimeRange

FARTHEST_US = 1 << 62  # so far from its beginning a frame may end: what a database holds, and a day's length to spare
MOST_JPEG_BYTES = 4 << 20  # noise of 640 pixels takes a tenth of it
_MOST_PICTURES = 3  # of a segment


class Passed(NamedTuple):
    """How far the pass is (us), how it reads, and what it has kept since it last said so. Where `reading` becomes
    careful it has begun again: what was kept before does not count."""

    t_us: int
    reading: Reading
    spooled: tuple[Spooled, ...]


@dataclass(frozen=True, slots=True)
class Scanned:
    """What one decode of a whole file gave: the plan of its segments, its true measures, and what went wrong; and the
    processor seconds of the process that decoded, with all that this one did meanwhile."""

    plan: Plan
    decoded: Decoded
    warnings: tuple[str, ...]
    cpu_s: float


class Read(NamedTuple):
    """What was read since the last one. Where `reading` becomes careful it has begun again."""

    reading: Reading
    frames: tuple[Frame, ...]
    spooled: tuple[Spooled, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What the reading told when all was read."""

    reading: Reading
    decoded: Decoded
    warnings: tuple[str, ...]
    cpu_s: float


class PassCheck:
    """Looks at each message of one pass before it is used: all that an honest child sends may pass, and what passes
    harms nobody: times are in order, pictures of the sizes that were ordered. Raises `ValueError` for another."""

    def __init__(self, order: SpoolOrder | None, *, size: tuple[int, int]) -> None:
        """`size`: (width, height) of the frames."""
        self._candidate_side = None if order is None else order.candidate_side
        self._sample_sides = () if order is None else tuple(side for side, _ in order.samples)
        self._shape = (size[1], size[0], 3)
        self._reading: Reading = "fast"
        self._reached: dict[object, int] = {}  # by kind of picture: the time of the last one

    def __call__(self, message: Passed | Scanned | Read | Told) -> None:
        match message:
            case Passed(t_us, reading, spooled):
                self._read_on(reading)
                _require("a time out of order", self._reached.get("passed", 0) <= t_us <= FARTHEST_US)
                self._reached["passed"] = t_us
                self._look_at_spooled(spooled)
            case Read(reading, frames, spooled):
                self._read_on(reading)
                self._look_at_spooled(spooled)
                for frame in frames:
                    _require("a picture of another size", frame.pixels.shape == self._shape)
                    self._move_on("frames", frame)
            case Scanned():
                _look_at_decoded(message.decoded)
                _look_at_plan(message.plan)
            case Told():
                self._read_on(message.reading)
                _require("an end without a beginning", "frames" in self._reached)
                _look_at_decoded(message.decoded)

    def _read_on(self, reading: Reading) -> None:
        if reading != self._reading:
            _require("pictures of a reading that has ended", reading == "careful")
            self._reading = reading
            self._reached.clear()

    def _look_at_spooled(self, spooled: Iterable[Spooled]) -> None:
        for one in spooled:
            if one.sharpness is None:
                _require("a picture that was not ordered", one.longest_side in self._sample_sides)
            else:
                _require("a picture that was not ordered", one.longest_side == self._candidate_side)
                _require("a sharpness that is none", isfinite(one.sharpness) and one.sharpness >= 0)
            _require("a picture of too many bytes", len(one.jpeg) <= MOST_JPEG_BYTES)
            self._move_on((one.longest_side, one.sharpness is None), one)

    def _move_on(self, kind: object, one: Frame | Spooled) -> None:
        _require("a time out of order", self._reached.get(kind, -1) < one.t_us)
        _require("a time out of bounds", 0 <= one.duration_us <= FARTHEST_US - one.t_us)
        self._reached[kind] = one.t_us


def _look_at_decoded(decoded: Decoded) -> None:
    _require("a length out of bounds", 0 <= decoded.frames <= FARTHEST_US and 0 <= decoded.end_us <= FARTHEST_US)
    rate = Fraction(1) if decoded.rate is None else decoded.rate
    _require("a rate out of bounds", 0 < rate.numerator <= FARTHEST_US and rate.denominator <= FARTHEST_US)
    times = [one.t_us for one in decoded.stretches]
    _require("a clock out of order", times == sorted(set(times)) and all(0 <= t_us <= FARTHEST_US for t_us in times))
    _require("a clock out of bounds", all(abs(one.stream_us) <= FARTHEST_US for one in decoded.stretches))


def _look_at_plan(plan: Plan) -> None:
    _require("a length out of bounds", 0 < plan.end_us <= FARTHEST_US and 0 < plan.frames <= FARTHEST_US)
    for tiles in (plan.spans, plan.scenes):
        _require("segments with gaps", _tile(tiles, plan.end_us))
    _require("scenes across segments", {one.start_us for one in plan.scenes} <= {one.start_us for one in plan.spans})
    _require("segments without pictures", len(plan.keyframe_times) == len(plan.spans))
    for span, times in zip(plan.spans, plan.keyframe_times, strict=True):
        _require("pictures of elsewhere", 0 < len(times) <= _MOST_PICTURES and all(t_us in span for t_us in times))
    reached = 0
    for cut in plan.cuts:
        _require("a cut out of bounds", reached <= cut.start_us <= cut.end_us <= plan.end_us and 0 <= cut.strength <= 1)
        reached = cut.start_us


def _tile(spans: Sequence[TimeRange], end_us: int) -> bool:
    if not spans or spans[0].start_us != 0 or spans[-1].end_us != end_us:
        return False
    return all(one.end_us == following.start_us for one, following in pairwise(spans))


def _require(otherwise: str, *conditions: bool) -> None:
    if not all(conditions):
        raise ValueError(otherwise)
