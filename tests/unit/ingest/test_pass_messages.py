"""What a sandbox that a file has taken over may send: nothing of it is used, and only this file fails."""

from collections.abc import Generator, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from indexer.domain import Cut, Decoded, Frame, Reading, Stretch
from indexer.errors import MediaFailed
from indexer.ingest.pass_messages import FARTHEST_US, MOST_JPEG_BYTES, PassCheck, Passed, Read, Scanned, Told
from indexer.ingest.passing import carefully_if_damaged
from indexer.media import DecodeNotes, Spooled, SpoolOrder, run_sandboxed
from indexer.segmentation import Plan
from indexer.timecode import TimeRange

ORDER = SpoolOrder(640, ((320, 2.0),))
SIZE = (64, 36)
DECODED = Decoded(2, 80_000, Fraction(25), (Stretch(0, -40),))
SPANS = (TimeRange(0, 40_000), TimeRange(40_000, 80_000))
PLAN = Plan(80_000, 2, (Cut(40_000, 40_000, "cut", 1.0),), (TimeRange(0, 80_000),), SPANS, ((0,), (40_000,)))
SCANNED = Scanned(PLAN, DECODED, (), 0.1)


def frame(t_us: int, shape: tuple[int, ...] = (36, 64, 3), *, duration_us: int = 40_000) -> Frame:
    return Frame(t_us, duration_us, np.zeros(shape, np.uint8))


def candidate(t_us: int, *, side: int = 640, sharpness: float = 1.0) -> Spooled:
    return Spooled(t_us, 40_000, side, sharpness, b"jpeg")


def sample(t_us: int, *, side: int = 320, jpeg: bytes = b"jpeg") -> Spooled:
    return Spooled(t_us, 40_000, side, None, jpeg)


def passed(*spooled: Spooled, t_us: int = 0, reading: Reading = "fast") -> Passed:
    return Passed(t_us, reading, spooled)


def read(*frames: Frame, reading: Reading = "fast") -> Read:
    return Read(reading, frames, ())


def checked(*messages: Passed | Scanned | Read | Told, order: SpoolOrder | None = ORDER) -> None:
    check = PassCheck(order, size=SIZE)
    for message in messages:
        check(message)


def test_what_an_honest_one_sends_passes() -> None:
    checked(passed(sample(0), candidate(0)), passed(sample(40_000), t_us=40_000), passed(t_us=80_000), SCANNED)
    checked(read(frame(0), frame(40_000)), Read("fast", (), (sample(0), candidate(0))), Told("fast", DECODED, (), 0.1))


def test_what_begins_again_carefully_begins_at_its_beginning() -> None:
    checked(passed(sample(40_000), t_us=40_000), passed(sample(0), t_us=0, reading="careful"))
    checked(read(frame(40_000)), read(frame(0), reading="careful"))


@pytest.mark.parametrize(
    "messages",
    [
        (read(frame(0, (36, 64))),),
        (read(frame(0), frame(40_000, (3, 3, 3))),),
        (read(frame(0, (0, 0, 3))),),
        (read(frame(40_000), frame(0)),),
        (read(frame(40_000)), read(frame(40_000))),
        (read(frame(-5)),),
        (read(frame(FARTHEST_US)),),
        (read(frame(0, duration_us=-1)),),
        (read(frame(0), reading="careful"), read(frame(40_000))),
        (Told("fast", DECODED, (), 0.1),),
        (passed(t_us=1), passed(t_us=0)),
        (passed(t_us=2**63),),
        (passed(candidate(2**63)),),
        (passed(candidate(0, side=-1)),),
        (passed(candidate(0, side=320)),),
        (passed(candidate(0, sharpness=float("nan"))),),
        (passed(candidate(40_000), candidate(0)),),
        (passed(sample(0, side=640)),),
        (passed(sample(0, jpeg=bytes(MOST_JPEG_BYTES + 1))),),
    ],
)
def test_what_it_reads_and_keeps(messages: tuple[Passed | Read | Told, ...]) -> None:
    with pytest.raises(ValueError, match=r"^(a|an|pictures) "):
        checked(*messages)


def test_pictures_that_nobody_ordered() -> None:
    with pytest.raises(ValueError, match="not ordered"):
        checked(passed(candidate(0)), order=None)
    with pytest.raises(ValueError, match="not ordered"):
        checked(passed(sample(0)), order=None)


@pytest.mark.parametrize(
    "plan",
    [
        replace(PLAN, end_us=2**63),
        replace(PLAN, frames=-1),
        replace(PLAN, spans=()),
        replace(PLAN, spans=(TimeRange(0, 30_000), SPANS[1])),
        replace(PLAN, scenes=SPANS[:1]),
        replace(PLAN, scenes=(TimeRange(0, 30_000), TimeRange(30_000, 80_000))),
        replace(PLAN, keyframe_times=((0,),)),
        replace(PLAN, keyframe_times=((0,), ())),
        replace(PLAN, keyframe_times=((0,), (0,))),
        replace(PLAN, keyframe_times=((0, 1, 2, 3), (40_000,))),
        replace(PLAN, cuts=(Cut(40_000, 30_000, "cut", 1.0),)),
        replace(PLAN, cuts=(Cut(40_000, 40_000, "cut", float("nan")),)),
        replace(PLAN, cuts=(*PLAN.cuts, Cut(10_000, 10_000, "cut", 1.0))),
    ],
)
def test_what_it_finds(plan: Plan) -> None:
    with pytest.raises(ValueError, match=r"^(a|segments|scenes|pictures) "):
        checked(replace(SCANNED, plan=plan))


@pytest.mark.parametrize(
    "decoded",
    [
        replace(DECODED, frames=2**63),
        replace(DECODED, end_us=-1),
        replace(DECODED, rate=Fraction(0)),
        replace(DECODED, rate=Fraction(10**30, 3)),
        replace(DECODED, stretches=(Stretch(9, 0), Stretch(0, 0))),
        replace(DECODED, stretches=(Stretch(0, -(2**63)),)),
    ],
)
def test_what_it_measures(decoded: Decoded) -> None:
    with pytest.raises(ValueError, match=r"^a "):
        checked(replace(SCANNED, decoded=decoded))
    with pytest.raises(ValueError, match=r"^a "):
        checked(read(frame(0)), Told("fast", decoded, (), 0.1))


def hijacked(path: Path) -> Iterator[Passed]:
    yield passed(candidate(0, side=-1))


def test_it_is_told_as_a_crash(tmp_path: Path) -> None:
    with pytest.raises(MediaFailed, match=r"unreadable \(a picture that was not ordered\)") as raised:
        list(run_sandboxed(hijacked, tmp_path, returns=Passed, check=PassCheck(ORDER, size=SIZE)))
    assert raised.value.reason == "crashed"


def test_a_damaged_reading_is_ended_before_the_careful_one_begins() -> None:
    told = []

    def reading(how: Reading, notes: DecodeNotes) -> Generator[str, None, None]:
        try:
            yield f"{how} 1"
            notes.broken_packets += 1
            yield f"{how} 2"
        finally:
            told.append(f"{how} ended")

    for step in carefully_if_damaged(reading):
        told.append(step)
    assert told == ["fast 1", "fast ended", "careful 1", "careful 2", "careful ended"]
