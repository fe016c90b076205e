"""What holds of a timeline whatever the time stamps are."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.media import DecodeNotes
from indexer.media.reading.timeline import Timeline
from indexer.timecode import MICROSECONDS, stream_time_us

_BASES = (
    Fraction(1, 90_000),
    Fraction(1, 1000),
    Fraction(1001, 30_000),
    Fraction(1, 12_288),
    Fraction(1),
    Fraction(1, 27_000_000),
)
_RATES = (Fraction(25), Fraction(24_000, 1001), Fraction(60_000, 1001), Fraction(1, 2), Fraction(240), Fraction(1000))
_LONGEST_GAP_S = 10


@dataclass(frozen=True)
class Told:
    """Frames as a decoder gives them: (time stamp, duration), in ticks."""

    base: Fraction
    rate: Fraction
    frames: list[tuple[int | None, int]]


@st.composite
def told(draw: st.DrawFn, *, stamps: st.SearchStrategy[int | None] | None = None) -> Told:
    wild = st.none() | st.integers(-(2**40), 2**40) | st.integers(0, 300)
    frames = st.lists(st.tuples(wild if stamps is None else stamps, st.integers(0, 2**20)), min_size=1, max_size=40)
    return Told(draw(st.sampled_from(_BASES)), draw(st.sampled_from(_RATES)), draw(frames))


def placed(footage: Told, notes: DecodeNotes | None = None) -> list[int]:
    timeline = Timeline(footage.base, footage.rate, notes or DecodeNotes())
    return [timeline.place(stamp, duration) for stamp, duration in footage.frames]


@settings(deadline=None, max_examples=300)
@given(told())
def test_every_frame_has_a_time_of_its_own_later_than_the_one_before(footage: Told) -> None:
    times = placed(footage)
    assert times[0] == 0
    assert all(later > earlier for earlier, later in pairwise(times))


@settings(deadline=None, max_examples=300)
@given(told())
def test_no_gap_is_longer_than_the_longest_unless_the_frame_said_so(footage: Told) -> None:
    times = placed(footage)
    for (earlier, later), (_, duration) in zip(pairwise(times), footage.frames, strict=False):
        said = duration * footage.base + 1 / footage.rate
        longest = said if said > _LONGEST_GAP_S else Fraction(_LONGEST_GAP_S)
        assert later - earlier <= longest * MICROSECONDS + 1


@settings(deadline=None, max_examples=300)
@given(told(stamps=st.integers(-(2**62), 2**62)), st.integers(-(2**61), 2**61))
def test_where_a_clock_begins_makes_no_difference(footage: Told, later: int) -> None:
    moved = Told(footage.base, footage.rate, [((stamp or 0) + later, lasts) for stamp, lasts in footage.frames])
    assert placed(moved) == placed(footage)


@settings(deadline=None, max_examples=300)
@given(told(stamps=st.integers(-(10**7), 10**7)))
@example(Told(Fraction(1, 1000), Fraction(25), [(0, 40), (40, 40), (20_000, 40), (20_040, 40)]))
def test_stretches_give_back_the_files_own_clock(footage: Told) -> None:
    """From the stretch a frame is in, its place on the file's clock: exact but for what was crowded together."""
    notes = DecodeNotes()
    times = placed(footage, notes)
    assert notes.stretches[0].t_us == 0
    assert len(notes.stretches) == notes.jumps + 1
    assert all(a.t_us < b.t_us for a, b in pairwise(notes.stretches))
    if notes.crowded_times:
        return
    for t_us, (stamp, _) in zip(times, footage.frames, strict=True):
        stretch = next(one for one in reversed(notes.stretches) if one.t_us <= t_us)
        on_the_file = stretch.stream_us + t_us - stretch.t_us
        assert abs(on_the_file - stream_time_us(stamp or 0, 0, footage.base)) <= 1


@settings(deadline=None, max_examples=300)
@given(
    base=st.sampled_from(_BASES),
    steps=st.lists(st.integers(1, 10**7), max_size=40),
    first=st.integers(-(2**62), 2**62),
)
def test_ordinary_clocks_keep_the_formula_and_need_no_warning(base: Fraction, steps: list[int], first: int) -> None:
    steps = [step for step in steps if Fraction(1, MICROSECONDS) <= step * base <= _LONGEST_GAP_S]
    stamps = [first + sum(steps[:number]) for number in range(len(steps) + 1)]
    notes = DecodeNotes()
    times = placed(Told(base, Fraction(25), [(stamp, 0) for stamp in stamps]), notes)
    assert times == [stream_time_us(stamp, first, base) for stamp in stamps]
    assert notes.warnings == ()


@settings(deadline=None, max_examples=300)
@given(rate=st.sampled_from(_RATES), count=st.integers(1, 200))
def test_without_stamps_times_are_the_grid_of_the_rate_without_drift(rate: Fraction, count: int) -> None:
    times = placed(Told(Fraction(1, 90_000), rate, [(None, 0)] * count))
    assert times == [int(number / rate * MICROSECONDS + Fraction(1, 2)) for number in range(count)]


@settings(deadline=None, max_examples=300)
@given(told(), st.integers(0, 39))
def test_the_end_of_a_frame_is_where_the_next_would_begin(footage: Told, count: int) -> None:
    """Said durations round to ends, not to lengths: a film of many frames does not drift against its own end."""
    timeline = Timeline(footage.base, footage.rate, DecodeNotes())
    stamp, duration = 0, 0
    for number, (_, lasts) in enumerate(footage.frames[: count + 1]):
        duration = max(1, min(lasts, int(_LONGEST_GAP_S / footage.base)))
        if duration * footage.base < Fraction(1, MICROSECONDS):
            return
        t_us = timeline.place(stamp, duration)
        end_us = t_us + timeline.last_lasts_us()
        stamp += duration
        assert end_us == stream_time_us(stamp, 0, footage.base), number
