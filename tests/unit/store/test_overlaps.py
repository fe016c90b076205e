"""Which new segment an old one has become."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from indexer.store.overlaps import SAME, counterpart, intersection_over_union
from indexer.timecode import TimeRange

spans = st.tuples(st.integers(0, 60), st.integers(1, 60)).map(lambda one: TimeRange(one[0], one[0] + one[1]))


def tiles(lengths: list[int]) -> list[TimeRange]:
    starts = [sum(lengths[:place]) for place in range(len(lengths))]
    return [TimeRange(start, start + length) for start, length in zip(starts, lengths, strict=True)]


@given(spans, spans)
def test_it_is_the_share_of_moments_in_both(one: TimeRange, other: TimeRange) -> None:
    first, second = set(range(one.start_us, one.end_us)), set(range(other.start_us, other.end_us))
    assert intersection_over_union(one, other) == Fraction(len(first & second), len(first | second))
    assert intersection_over_union(one, other) == intersection_over_union(other, one)


@given(spans, st.lists(spans, max_size=8))
def test_the_best_is_taken_if_it_is_good_enough(span: TimeRange, among: list[TimeRange]) -> None:
    place = counterpart(span, among)
    best = max((intersection_over_union(span, other) for other in among), default=Fraction(0))
    if place is None:
        assert best < SAME
    else:
        assert intersection_over_union(span, among[place]) == best >= SAME
        assert all(intersection_over_union(span, other) < best for other in among[:place])


@given(spans, st.lists(spans, max_size=8))
def test_the_same_span_is_always_found(span: TimeRange, among: list[TimeRange]) -> None:
    place = counterpart(span, [*among, span])
    assert place is not None
    assert [*among, span][place] == span


@given(st.lists(st.integers(1, 30), min_size=1, max_size=8))
def test_two_neighbours_are_never_taken_for_each_other(lengths: list[int]) -> None:
    tiling = tiles(lengths)
    assert [counterpart(span, tiling) for span in tiling] == list(range(len(tiling)))


def test_half_is_enough_and_the_first_of_equals_is_taken() -> None:
    assert counterpart(TimeRange(0, 10), [TimeRange(0, 5), TimeRange(5, 10)]) == 0
    assert counterpart(TimeRange(0, 10), [TimeRange(0, 4), TimeRange(6, 10)]) is None
    assert counterpart(TimeRange(0, 10), [TimeRange(10, 20)]) is None
