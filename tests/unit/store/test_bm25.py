"""BM25 in plain arithmetic."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.store import bm25


def test_idf_is_that_of_fts5() -> None:
    assert bm25.idf(1, 100) == pytest.approx(math.log(99.5 / 1.5))
    assert bm25.idf(99, 100) == bm25.idf(101, 100) == 1e-6


def test_a_token_counts_more_in_a_short_text_and_less_each_time() -> None:
    assert bm25.impact(1, 1.0) == 1
    assert bm25.impact(1, 0.5) > bm25.impact(1, 1.0) > bm25.impact(1, 2.0)
    gains = [bm25.impact(times + 1, 1.0) - bm25.impact(times, 1.0) for times in range(5)]
    assert gains == sorted(gains, reverse=True)
    assert bm25.impact(10_000, 1.0) == pytest.approx(bm25.SATURATION, abs=1e-3)


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(0, 1000)), st.integers(1, 500))
def test_a_budget_keeps_the_rarest_and_at_least_one(frequencies: dict[str, int], budget: int) -> None:
    chosen = bm25.rarest_within(budget, frequencies)
    known = {word for word, found in frequencies.items() if found}
    assert bool(chosen) == bool(known)
    assert set(chosen) <= known
    assert len(chosen) == 1 or sum(frequencies[word] for word in chosen) <= budget
    assert all(frequencies[a] <= frequencies[b] for a in chosen for b in known - set(chosen))
