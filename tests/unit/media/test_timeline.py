"""Placing frames in time: exact, forward, from zero, whatever the time stamps do."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.media import DecodeNotes
from indexer.media.timeline import Timeline
from indexer.timecode import stream_time_us

TICK = Fraction(1, 90_000)


def placed(stamps: list[int | None], *, notes: DecodeNotes | None = None, duration: int = 3600) -> list[int]:
    timeline = Timeline(TICK, Fraction(25), notes or DecodeNotes())
    return [timeline.place(stamp, duration) for stamp in stamps]


@settings(deadline=None)
@given(
    first=st.integers(-(10**9), 10**12),
    steps=st.lists(st.integers(1, 800_000), max_size=50),
    time_base=st.sampled_from([TICK, Fraction(1, 1000), Fraction(1001, 30_000)]),
)
def test_ordinary_stamps_follow_the_formula(first: int, steps: list[int], time_base: Fraction) -> None:
    steps = [step for step in steps if step * time_base <= 10]
    stamps = [first + sum(steps[:n]) for n in range(len(steps) + 1)]
    timeline = Timeline(time_base, Fraction(25), DecodeNotes())
    assert [timeline.place(pts, 0) for pts in stamps] == [stream_time_us(pts, first, time_base) for pts in stamps]


@settings(deadline=None)
@given(st.lists(st.none() | st.integers(-(10**8), 10**8), min_size=1, max_size=40))
def test_times_always_run_forward_from_zero(stamps: list[int | None]) -> None:
    times = placed(stamps)
    assert times[0] == 0
    assert all(later > earlier for earlier, later in pairwise(times))


def test_missing_stamps_come_from_the_rate() -> None:
    notes = DecodeNotes()
    assert placed([None, None, None], notes=notes) == [0, 40_000, 80_000]
    assert notes.warnings == ("3 frames without a time stamp (times taken from the frame rate)",)


def test_missing_stamps_between_others() -> None:
    assert placed([9000, None, 16_200, 19_800]) == [0, 40_000, 80_000, 120_000]


@pytest.mark.parametrize("jump", [-3600, 0, -(2**33), 324_000_000])
def test_a_jump_begins_a_new_stretch_one_frame_later(jump: int) -> None:
    notes = DecodeNotes()
    again = 103_600 + jump
    assert placed([100_000, 103_600, again, again + 3600], notes=notes) == [0, 40_000, 80_000, 120_000]
    assert notes.jumps == 1


def test_a_long_picture_that_says_so_is_no_jump() -> None:
    notes = DecodeNotes()
    assert placed([0, 1_800_000, 3_600_000], notes=notes, duration=1_800_000) == [0, 20_000_000, 40_000_000]
    assert notes.jumps == 0


def test_warnings_count() -> None:
    notes = DecodeNotes(broken_packets=1, corrupt_frames=2)
    assert notes.warnings == ("1 packet could not be decoded (left out)", "2 frames decoded with errors")
    assert DecodeNotes().warnings == ()
