"""Values made ahead: the same, in order, boundedly many, and an end to it when nobody wants more."""

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.ingest.ahead import ahead, in_bursts


@given(values=st.lists(st.integers(), max_size=30), limit=st.integers(1, 5))
def test_the_same_values_in_order(values: list[int], limit: int) -> None:
    assert list(ahead(values, limit)) == values


def test_no_more_than_the_limit_wait() -> None:
    made = []
    third = threading.Event()

    def count() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            if number == 3:
                third.set()
            yield number

    with closing(ahead(count(), 2)) as values:
        assert next(values) == 0
        assert third.wait(10)  # one was read, two wait, and one is in the maker's hand
        assert made == [0, 1, 2, 3]


def test_an_error_comes_after_the_values_before_it() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    values = ahead(broken(), 5)
    assert next(values) == 1
    with pytest.raises(ValueError, match="no more"):
        next(values)


def test_who_stops_early_ends_the_maker_in_its_own_thread() -> None:
    ended_in = []

    def endless() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            ended_in.append(threading.current_thread().name)

    before = threading.active_count()
    with closing(ahead(endless(), 1)) as values:
        assert next(values) == 1
    assert ended_in == ["ahead"]
    assert threading.active_count() == before


@given(values=st.lists(st.integers(), max_size=30), limit=st.integers(1, 5))
def test_bursts_hold_the_same_values_in_order(values: list[int], limit: int) -> None:
    bursts = list(in_bursts(values, limit))
    assert [value for burst in bursts for value in burst] == values
    assert all(1 <= len(burst) <= limit for burst in bursts)


def test_a_burst_does_not_wait_for_what_comes_late() -> None:
    more, waiting = threading.Event(), threading.Event()

    def slow() -> Iterator[int]:
        yield 1
        yield 2
        waiting.set()
        assert more.wait(10)
        yield 3

    with closing(in_bursts(slow(), 5)) as bursts:
        seen = next(bursts)
        assert waiting.wait(10)
        while len(seen) < 2:
            seen += next(bursts)
        assert seen == [1, 2]
        more.set()
        assert list(bursts) == [[3]]


def test_an_error_comes_after_the_bursts_before_it() -> None:
    def broken() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("no more")

    seen: list[int] = []
    with pytest.raises(ValueError, match="no more"):
        seen.extend(value for burst in in_bursts(broken(), 5) for value in burst)
    assert seen == [1, 2]
