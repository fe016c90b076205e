"""Chains of moments in order, against every chain there is."""

from collections.abc import Sequence
from itertools import islice, pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.search.sequences import (
    FOREVER_US,
    OVERLAP_US,
    WAIT_COST,
    Candidate,
    Chain,
    best_chains,
    chain_score,
)

SECOND = 1_000_000


def candidate(row: int, start_s: float, end_s: float, score: float = 0.5) -> Candidate:
    return Candidate(row, round(start_s * SECOND), round(end_s * SECOND), score)


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    made = []
    for _ in range(draw(st.integers(0, 5))):
        start, length = draw(st.integers(0, 30)), draw(st.integers(1, 10))
        row, score = draw(st.integers(1, 99)), draw(st.sampled_from([0.1, 0.3, 0.5, 0.8, 2.5]))
        end_us = FOREVER_US if draw(st.integers(0, 9)) == 0 else (start + length) * SECOND
        made.append(Candidate(row, start * SECOND, end_us, score))
    return made


def follows(one: Candidate, other: Candidate, within_us: int | None) -> bool:
    wait = other.start_us - one.end_us
    in_order = wait >= -OVERLAP_US and other.start_us > one.start_us and other.end_us > one.end_us
    return in_order and (within_us is None or wait <= within_us)


def every_chain(steps: Sequence[Sequence[Candidate]], within: Sequence[int | None]) -> list[tuple[Candidate, ...]]:
    return [
        links
        for links in product(*steps)
        if all(follows(one, other, wait) for (one, other), wait in zip(pairwise(links), within[1:], strict=True))
    ]


def found(
    videos: dict[int, list[list[Candidate]]],
    *,
    within: Sequence[int | None] = (None, None),
    per_video: int | None = None,
) -> list[Chain]:
    return list(best_chains(videos, within_us=within, per_video=per_video))


@given(st.lists(candidates(), min_size=2, max_size=3), st.sampled_from([None, 0, 5 * SECOND]))
def test_the_first_chain_is_the_best_there_is(steps: list[list[Candidate]], wait: int | None) -> None:
    within = [None, *[wait] * (len(steps) - 1)]
    first = next(iter(found({1: steps}, within=within)), None)
    there = every_chain(steps, within)
    assert (first is None) == (not there)
    if first:
        assert first.links in there
        assert first.score == pytest.approx(chain_score(first.links))
        assert first.score == pytest.approx(max(map(chain_score, there)))


@given(st.dictionaries(st.integers(1, 3), st.lists(candidates(), min_size=2, max_size=2), max_size=3))
def test_chains_come_best_first_and_those_of_a_video_stand_apart(videos: dict[int, list[list[Candidate]]]) -> None:
    chains = found(videos)
    scores = [chain.score for chain in chains]
    assert scores == sorted(scores, reverse=True)
    for chain in chains:
        assert all(link in step for link, step in zip(chain.links, videos[chain.video_row], strict=True))
    for video in videos:
        spans = sorted((chain.start_us, chain.end_us) for chain in chains if chain.video_row == video)
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
    once = found(videos, per_video=1)
    assert [chain.video_row for chain in once] == list(dict.fromkeys(chain.video_row for chain in chains))


def test_of_two_chains_that_are_as_good_together_the_even_one_is_better() -> None:
    even = [[candidate(1, 0, 5, 0.5)], [candidate(2, 5, 10, 0.5)]]
    uneven = [[candidate(3, 0, 5, 0.9)], [candidate(4, 5, 10, 0.1)]]
    assert [chain.video_row for chain in found({1: uneven, 2: even})] == [2, 1]


def test_of_two_like_chains_the_closer_one_comes_first() -> None:
    soon = [[candidate(1, 0, 5)], [candidate(2, 6, 10)]]
    late = [[candidate(3, 0, 5)], [candidate(4, 306, 310)]]
    later = [[candidate(5, 0, 5)], [candidate(6, 7_000, 7_010)]]
    chains = found({1: later, 2: late, 3: soon})
    assert [chain.video_row for chain in chains] == [3, 2, 1]
    assert 0 < chains[0].score - chains[2].score <= WAIT_COST


def test_the_wait_is_bounded_where_that_was_asked() -> None:
    steps = [[candidate(1, 0, 5)], [candidate(2, 36, 40), candidate(3, 35, 41, 0.1)]]
    (chain,) = found({1: steps}, within=(None, 30 * SECOND))
    assert [link.row for link in chain.links] == [1, 3]


@pytest.mark.parametrize(
    ("second", "is_after"),
    [
        (candidate(2, 4, 9), True),
        (candidate(2, 3.9, 9), False),
        (candidate(2, 4.5, 5), False),
        (candidate(2, 0, 9), False),
    ],
    ids=["overlaps by a second", "overlaps by more", "lies in the first", "begins with it"],
)
def test_what_is_after(second: Candidate, is_after: bool) -> None:
    assert bool(found({1: [[candidate(1, 0, 5)], [second]]})) == is_after


def test_nothing_comes_after_a_segment_without_an_end() -> None:
    open_ended = Candidate(1, 0, FOREVER_US, 0.5)
    assert not found({1: [[open_ended], [candidate(2, 5, 9)]]})
    assert found({1: [[candidate(2, 0, 5)], [Candidate(3, 5 * SECOND, FOREVER_US, 0.5)]]})


def test_of_many_videos_the_best_come_first() -> None:
    videos = {video: [[candidate(1, 0, 5, 1 / video)], [candidate(2, 5, 9, 1 / video)]] for video in range(1, 2_000)}
    assert [chain.video_row for chain in islice(best_chains(videos, within_us=(None, None), per_video=1), 3)] == [
        1,
        2,
        3,
    ]
