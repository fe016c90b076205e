"""Moments as archives write them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.ingest.importing.bad_rows import RowError
from indexer.ingest.importing.times import SourceClock, read_rate, read_time
from indexer.timecode import StartTimecode, source_timecode

NTSC = Fraction(30000, 1001)
UNKNOWN = SourceClock()
TAPE = SourceClock(Fraction(25), StartTimecode("10:00:00:00"))
DROPS = SourceClock(NTSC, StartTimecode("01:00:00;00"))


@pytest.mark.parametrize(
    ("written", "t_us"),
    [
        ("", None),
        (None, None),
        (8.57, 8_570_000),
        (0, 0),
        ("12", 12_000_000),
        (" 1.0000005 ", 1_000_001),
        ("1e1", 10_000_000),
        ("4,5", 4_500_000),
        (",25", 250_000),
        ("2:03", 123_000_000),
        ("90:00", 5_400_000_000),
        ("01:02:03.5", 3_723_500_000),
        ("01:02:03,250", 3_723_250_000),
    ],
)
def test_seconds_and_clocks_count_from_the_first_frame(written: object, t_us: int | None) -> None:
    assert read_time(written, UNKNOWN) == t_us
    assert read_time(written, TAPE) == t_us


@pytest.mark.parametrize(
    ("written", "clock", "t_us"),
    [
        ("10:00:01:05", TAPE, 1_200_000),
        ("10:00:00;05", TAPE, 200_000),  # the tape counts every frame, whatever sign is written
        ("00:00:01:00", SourceClock(Fraction(25)), 1_000_000),
        ("00:01:00;02", SourceClock(NTSC), 60_060_000),  # frames 0 and 1 of that minute are dropped
        ("00:01:00:02", SourceClock(NTSC), 60_126_733),  # they are not
        ("01:00:10:05", DROPS, 10_176_833),
        ("01:10:00:00", DROPS, 599_999_400),  # drop-frame keeps to the wall clock
        ("00:00:01:00", SourceClock(Fraction(25), StartTimecode("23:59:59:00")), 2_000_000),  # past midnight
    ],
)
def test_source_timecode_counts_from_the_start_timecode(written: str, clock: SourceClock, t_us: int) -> None:
    assert read_time(written, clock) == t_us


@pytest.mark.parametrize(
    ("written", "clock", "reason"),
    [
        ("soon", UNKNOWN, "bad_time"),
        ("1:2:3:4:5", UNKNOWN, "bad_time"),
        ([1], UNKNOWN, "bad_time"),
        (True, UNKNOWN, "bad_time"),
        ("99999999999", UNKNOWN, "bad_time"),
        (float("nan"), UNKNOWN, "not_a_number"),
        ("-inf", UNKNOWN, "not_a_number"),
        (-0.5, UNKNOWN, "negative_time"),
        ("09:00:00:00", TAPE, "negative_time"),
        ("00:00:01:00", UNKNOWN, "needs_rate"),
        ("10:00:01:25", TAPE, "bad_time"),
        ("01:01:00:00", DROPS, "bad_time"),  # does not exist where frames are dropped
    ],
)
def test_what_is_no_time_is_told(written: object, clock: SourceClock, reason: str) -> None:
    with pytest.raises(RowError) as told:
        read_time(written, clock)
    assert told.value.reason == reason


@given(st.integers(0, 23 * 3600 * 25), st.sampled_from([TAPE, DROPS, SourceClock(Fraction(24))]))
def test_what_an_editor_reads_off_the_source_is_read_back_to_its_frame(frame: int, clock: SourceClock) -> None:
    assert clock.rate is not None
    t_us = int(Fraction(frame) / clock.rate * 1_000_000 + Fraction(1, 2))
    if t_us < 12 * 3600 * 1_000_000:
        assert read_time(source_timecode(t_us, clock.rate, clock.start), clock) == t_us


@pytest.mark.parametrize(
    ("written", "rate"),
    [("25", 25), ("29.97", NTSC), (23.976, Fraction(24000, 1001)), ("30000/1001", NTSC), ("29,97", NTSC), ("25.", 25)],
)
def test_rates(written: object, rate: Fraction) -> None:
    assert read_rate(written) == rate
    assert read_rate("") is None


@pytest.mark.parametrize("written", ["fast", "0", "-25", "1/0", "1e400", "1e99999999", "1_0", "9" * 50])
def test_what_is_no_rate_is_told(written: str) -> None:
    with pytest.raises(RowError):
        read_rate(written)
