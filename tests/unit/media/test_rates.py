"""The frame rate that time stamps tell, whatever a container rounds or claims."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.media.reading.rates import STANDARD_RATES, constant_rate, snapped

MILLISECOND = Fraction(1, 1000)


def rounded_stamps(rate: Fraction, count: int, time_base: Fraction) -> list[int]:
    return [round(number / rate / time_base) for number in range(count)]


@settings(deadline=None)
@given(
    rate=st.sampled_from(STANDARD_RATES),
    time_base=st.sampled_from([MILLISECOND, Fraction(1, 90_000), Fraction(1, 12_800), Fraction(1, 10_000_000)]),
    count=st.integers(2, 300),
)
def test_a_claimed_standard_rate_survives_any_rounding(rate: Fraction, time_base: Fraction, count: int) -> None:
    stamps = rounded_stamps(rate, count, time_base)
    assert constant_rate(stamps, time_base, claimed=[rate], average=None) == rate


@settings(deadline=None)
@given(rate=st.sampled_from(STANDARD_RATES), start=st.integers(-(10**6), 10**9))
def test_the_start_does_not_matter(rate: Fraction, start: int) -> None:
    stamps = [start + stamp for stamp in rounded_stamps(rate, 100, Fraction(1, 90_000))]
    assert constant_rate(stamps, Fraction(1, 90_000), claimed=[rate], average=None) == rate


def test_a_header_rounded_by_matroska() -> None:
    rate = Fraction(60_000, 1001)
    stamps = rounded_stamps(rate, 300, MILLISECOND)
    assert constant_rate(stamps, MILLISECOND, claimed=[Fraction(19_001, 317)], average=None) == rate


def test_a_wrong_claim_is_corrected() -> None:
    stamps = rounded_stamps(Fraction(30_000, 1001), 300, MILLISECOND)
    assert constant_rate(stamps, MILLISECOND, claimed=[Fraction(25)], average=None) == Fraction(30_000, 1001)


def test_an_unusual_rate_that_is_true() -> None:
    rate = Fraction(17, 2)
    assert constant_rate(rounded_stamps(rate, 90, MILLISECOND), MILLISECOND, claimed=[rate], average=rate) == rate


@pytest.mark.parametrize(
    "stamps",
    [
        [n for n in range(300) if n % 3],  # every third frame dropped
        [*range(30), *range(80, 110)],  # a long gap
        [0, 1, 2, 4, 7, 8, 13, 15, 16, 20],
    ],
)
def test_varying_steps_have_no_rate(stamps: list[int]) -> None:
    claimed = [Fraction(24)]
    assert constant_rate([n * 1000 for n in stamps], Fraction(1, 24_000), claimed=claimed, average=None) is None


def test_a_rate_that_changes_later_has_no_rate() -> None:
    stamps = rounded_stamps(Fraction(30), 300, Fraction(1, 600))
    assert constant_rate(stamps, Fraction(1, 600), claimed=[Fraction(30)], average=Fraction(27)) is None


def test_a_few_lost_frames_leave_the_grid() -> None:
    stamps = [n * 3600 for n in range(100) if n not in (20, 21, 50)]
    assert constant_rate(stamps, Fraction(1, 90_000), claimed=[Fraction(25)], average=None) == 25


def test_without_time_stamps_the_claim_stands() -> None:
    assert constant_rate([], MILLISECOND, claimed=[None, Fraction(24)], average=None) == 24
    assert constant_rate([5], MILLISECOND, claimed=[], average=None) is None


def test_order_and_doubles_do_not_matter() -> None:
    assert constant_rate([3, 0, 2, 1, 1, 5, 4], Fraction(1, 25), claimed=[Fraction(25)], average=None) == 25


@pytest.mark.parametrize(
    ("stated", "meant"),
    [("19001/317", "60000/1001"), ("2997/100", "30000/1001"), ("24", "24"), ("23976/1000", "24000/1001"), ("17", "17")],
)
def test_snapping(stated: str, meant: str) -> None:
    assert snapped(Fraction(stated)) == Fraction(meant)
