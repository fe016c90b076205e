"""Time: exact inside, SMPTE at the edges. Reference values: SMPTE ST 12-1 drop-frame counting."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import UsageError
from indexer.timecode import (
    StartTimecode,
    TimeRange,
    can_drop_frames,
    clock,
    frame_number,
    frames_from_smpte,
    short_duration,
    smpte_from_frames,
    source_timecode,
    stream_time_us,
)

NTSC = Fraction(30000, 1001)
RATES = [
    Fraction(24000, 1001),
    Fraction(24),
    Fraction(25),
    NTSC,
    Fraction(30),
    Fraction(50),
    Fraction(60000, 1001),
    Fraction(120),
]


@pytest.mark.parametrize(
    ("frames", "written"),
    [
        (0, "00:00:00;00"),
        (1799, "00:00:59;29"),
        (1800, "00:01:00;02"),
        (17981, "00:09:59;29"),
        (17982, "00:10:00;00"),
        (107892, "01:00:00;00"),
        (2589407, "23:59:59;29"),
    ],
)
def test_drop_frame_reference_values(frames: int, written: str) -> None:
    assert smpte_from_frames(frames, NTSC, drop_frame=True) == written
    assert frames_from_smpte(written, NTSC) == frames


def test_drop_frame_at_5994_drops_four() -> None:
    rate = Fraction(60000, 1001)
    assert smpte_from_frames(3600, rate, drop_frame=True) == "00:01:00;04"
    assert frames_from_smpte("00:10:00;00", rate) == 35964


@pytest.mark.parametrize("written", ["00:01:00;00", "00:01:00;01", "00:19:00;01"])
def test_dropped_numbers_do_not_exist(written: str) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        frames_from_smpte(written, NTSC)


@pytest.mark.parametrize("written", ["", "1:2:3:4", "00:00:00", "00:61:00:00", "aa:bb:cc:dd", "00:00:00:30"])
def test_what_is_no_timecode_is_refused(written: str) -> None:
    with pytest.raises(UsageError):
        frames_from_smpte(written, NTSC)


def test_drop_frame_needs_a_rate_that_drops() -> None:
    assert [can_drop_frames(rate) for rate in RATES] == [False, False, False, True, False, False, True, False]
    with pytest.raises(UsageError, match=r"29\.97"):
        frames_from_smpte("00:00:00;00", Fraction(25))


@given(rate=st.sampled_from(RATES), frames=st.integers(0, 24 * 3600 * 24 - 1))
def test_smpte_round_trip(rate: Fraction, frames: int) -> None:
    for drop_frame in {False, can_drop_frames(rate)}:
        assert frames_from_smpte(smpte_from_frames(frames, rate, drop_frame=drop_frame), rate) == frames


@given(rate=st.sampled_from(RATES), frame=st.integers(0, 10**7))
def test_a_frame_is_found_again_by_its_time(rate: Fraction, frame: int) -> None:
    t_us = stream_time_us(frame, 0, 1 / rate)
    assert frame_number(t_us, rate) == frame


@given(pts=st.integers(-(2**40), 2**40), first=st.integers(-(2**40), 2**40))
def test_stream_time_is_the_nearest_microsecond(pts: int, first: int) -> None:
    base = Fraction(1, 90000)
    exact = (pts - first) * base * 1_000_000
    assert abs(stream_time_us(pts, first, base) - exact) <= Fraction(1, 2)


def test_source_timecode_counts_from_the_start_timecode() -> None:
    start = StartTimecode("01:00:00;00")
    assert start.drop_frame
    assert source_timecode(60_060_000, NTSC, start) == "01:01:00;02"
    assert source_timecode(10_000_000, Fraction(25), StartTimecode("10:00:00:12")) == "10:00:10:12"
    assert source_timecode(1_001_000, Fraction(24000, 1001)) == "00:00:01:00"


def test_variable_rate_is_written_as_a_clock() -> None:
    assert source_timecode(3_723_004_500, None) == "01:02:03.005"


def test_written_lengths() -> None:
    assert clock(999) == "00:00:00.001"
    assert [short_duration(t) for t in (4_210_000, 187_000_000, 3_753_000_000)] == ["4.2 s", "3:07", "1:02:33"]


def test_ranges_are_half_open_and_run_forward() -> None:
    one = TimeRange(0, 10)
    assert 0 in one
    assert 10 not in one
    for start, end in ((5, 5), (6, 5), (-1, 5)):
        with pytest.raises(UsageError):
            TimeRange(start, end)
