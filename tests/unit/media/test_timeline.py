"""Placing frames in time: exact, forward, from zero, whatever the time stamps do."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.domain import Stretch
from indexer.media import DecodeNotes
from indexer.media.reading.placing import without_strays
from indexer.media.reading.timeline import Timeline
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
    assert notes.warnings == ("it holds no time stamps; its times are counted at its frame rate",)


def test_missing_stamps_between_others_are_no_loss() -> None:
    notes = DecodeNotes()
    assert placed([9000, None, 16_200, 19_800], notes=notes) == [0, 40_000, 80_000, 120_000]
    assert notes.warnings == ()


def test_missing_stamps_that_the_next_one_belies_are_told() -> None:
    notes = DecodeNotes()
    assert placed([9000, None, 90_000], notes=notes) == [0, 40_000, 900_000]
    assert notes.warnings == ("1 frame without a time stamp (times taken from the frame rate)",)


@pytest.mark.parametrize("jump", [-3600, -(2**33), 324_000_000])
def test_a_jump_begins_a_new_stretch_one_frame_later(jump: int) -> None:
    notes = DecodeNotes()
    again = 103_600 + jump
    assert placed([100_000, 103_600, again, again + 3600], notes=notes) == [0, 40_000, 80_000, 120_000]
    assert notes.jumps == 1
    assert [stretch.t_us for stretch in notes.stretches] == [0, 80_000]
    assert notes.stretches[1].stream_us == stream_time_us(again, 0, TICK)


def test_stretches_count_from_our_zero_where_the_first_frames_have_no_stamp() -> None:
    notes = DecodeNotes()
    assert placed([None, None, 90_000], notes=notes) == [0, 40_000, 80_000]
    assert notes.stretches == [Stretch(0, 920_000)]


def test_endless_jumps_are_not_all_kept() -> None:
    notes = DecodeNotes()
    placed([0, 90_000] * 2000, notes=notes)
    assert len(notes.stretches) == 1000
    assert notes.jumps > 1000


@pytest.mark.parametrize("wrong", [0, 7199, 450_000, 900_000_000])
def test_one_stray_stamp_moves_nothing_after_it(wrong: int) -> None:
    notes = DecodeNotes()
    stamps = enumerate([0, 3600, 7200, wrong, 14_400, 18_000])
    kept = [stamp for stamp, _ in without_strays(((stamp, number) for number, stamp in stamps), notes, step=3600)]
    assert placed(kept, notes=notes) == [0, 40_000, 80_000, 120_000, 160_000, 200_000]
    assert (notes.jumps, notes.stray_times, len(notes.stretches)) == (0, 1, 1)


@pytest.mark.parametrize(
    "stamps",
    [
        [0, 3600, 900_000, 903_600, 907_200],  # a jump
        [7200, 10_800, 0, 3600],  # the clock starts again
        [0, 3600, 3600, 3600, 7200],
        [0, 900_000, 1_800_000],  # a slow film
        [0, None, 7200, None, None, 18_000],
        [0, 3600, 900_000],
    ],
)
def test_stamps_that_agree_with_a_neighbour_stay(stamps: list[int | None]) -> None:
    notes = DecodeNotes()
    stamped = [(stamp, number) for number, stamp in enumerate(stamps)]
    assert list(without_strays(stamped, notes, step=3600)) == stamped
    assert notes.stray_times == 0


def test_clocks_beyond_all_meaning_stay_storable() -> None:
    notes = DecodeNotes()
    timeline = Timeline(Fraction(1), Fraction(25), notes, longest_gap=Fraction(10**30))
    far = 2**62
    times = [timeline.place(pts, 2**62) for pts in (-far, 0, far)]
    assert times[0] == 0
    assert times[-1] < 3 * 86_400_000_000
    assert all(abs(stretch.stream_us) <= 2**62 for stretch in notes.stretches)
    assert timeline.last_lasts_us() == 86_400_000_000


def test_frames_that_share_a_time_stamp_are_kept_and_shift_nothing() -> None:
    notes = DecodeNotes()
    assert placed([0, 3600, 3600, 3600, 7200], notes=notes) == [0, 40_000, 40_001, 40_002, 80_000]
    assert (notes.jumps, notes.crowded_times) == (0, 2)


def test_a_rate_guessed_too_low_for_missing_stamps_is_no_jump() -> None:
    notes = DecodeNotes()
    assert placed([0, None, 3000, 6600], notes=notes) == [0, 40_000, 40_001, 73_333]
    assert notes.jumps == 0


def test_a_gap_may_be_as_long_as_the_container_warrants() -> None:
    notes = DecodeNotes()
    timeline = Timeline(TICK, Fraction(25), notes, longest_gap=Fraction(60))
    assert [timeline.place(pts, 0) for pts in (0, 2_700_000, 90 * 90_000)] == [0, 30_000_000, 90_000_000]
    assert timeline.place(200 * 90_000, 0) == 90_040_000
    assert notes.jumps == 1


def test_a_long_picture_that_says_so_is_no_jump() -> None:
    notes = DecodeNotes()
    assert placed([0, 1_800_000, 3_600_000], notes=notes, duration=1_800_000) == [0, 20_000_000, 40_000_000]
    assert notes.jumps == 0


def test_warnings_count() -> None:
    notes = DecodeNotes(broken_packets=1, corrupt_frames=2)
    assert notes.warnings == ("1 packet could not be decoded (left out)", "2 frames decoded with errors")
    assert DecodeNotes().warnings == ()
