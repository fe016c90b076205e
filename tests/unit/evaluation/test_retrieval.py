"""Recall, rank, gain and overlap of what a search found."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.evaluation.retrieval import (
    Answer,
    Answered,
    Asked,
    auc,
    estimate,
    evaluate,
    iou,
    judge_silence,
    score_one,
)

seconds = st.floats(0, 1000, allow_nan=False)
stretches = st.builds(lambda start, length: Answer("v", start, start + length), seconds, st.floats(0.1, 100))


def asked(*gold: Answer) -> Asked:
    return Asked("q", "a boat", gold)


def found(*names: str) -> Answered:
    return Answered(tuple(map(Answer, names)))


def test_a_right_video_is_counted_once_where_its_first_segment_stands() -> None:
    scores = score_one(asked(Answer("boat")), found("cat", "cat", "dog", "boat", "boat"))
    assert scores == {"R@1": 0.0, "R@5": 1.0, "R@10": 1.0, "MRR": pytest.approx(1 / 3), "nDCG@10": 0.5}


def test_gain_knows_how_many_right_answers_there_are() -> None:
    scores = score_one(asked(Answer("a"), Answer("b")), found("a", "c", "b"))
    assert scores["nDCG@10"] == pytest.approx((1 + 0.5) / (1 + 1 / math.log2(3)))


def test_moments_are_right_where_they_overlap_enough() -> None:
    gold = asked(Answer("v", 0, 10))
    scores = score_one(gold, Answered((Answer("v", 20, 30), Answer("v", 0, 16))))
    assert (scores["R@1"], scores["R@1 IoU 0.5"], scores["R@5 IoU 0.5"], scores["R@10 IoU 0.7"]) == (1, 0, 1, 0)
    assert scores["MRR"] == 0.5


def test_each_right_moment_is_credited_once() -> None:
    gold = asked(Answer("v", 0, 10), Answer("v", 50, 60))
    twice = score_one(gold, Answered((Answer("v", 0, 10), Answer("v", 0, 9))))
    both = score_one(gold, Answered((Answer("v", 0, 10), Answer("v", 50, 59))))
    assert twice["nDCG@10"] < both["nDCG@10"] == 1.0


def test_an_untimed_result_covers_nothing() -> None:
    scores = score_one(asked(Answer("v", 0, 10)), Answered((Answer("v"),)))
    assert (scores["R@1"], scores["R@10 IoU 0.5"]) == (1.0, 0.0)


@given(stretches, stretches)
def test_overlap_is_a_share_and_the_same_both_ways(one: Answer, other: Answer) -> None:
    assert 0 <= iou(one, other) == iou(other, one) <= 1
    assert iou(one, one) == 1


def test_units_are_scored_apart_and_an_unanswered_query_finds_nothing() -> None:
    questions = [
        Asked("1", "", (Answer("a"),)),
        Asked("2", "", (Answer("a"),)),
        Asked("3", "", (Answer("a", 0, 1),)),
        Asked("4", "", ()),
    ]
    answered = {"1": found("a"), "3": Answered((Answer("a", 0, 1),)), "4": found("a")}
    told = {one.unit: (one.questions, one.scores["R@1"].value) for one in evaluate(questions, answered)}
    assert told == {"videos": (2, 0.5), "moments": (1, 1.0)}


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from("abcde")), min_size=1, max_size=60))
def test_the_interval_holds_the_mean_of_many_and_keeps_to_the_range(rows: list[tuple[bool, str]]) -> None:
    told = estimate([float(hit) for hit, _ in rows], [group for _, group in rows])
    assert 0 <= told.low <= told.high <= 1
    assert told.value == pytest.approx(sum(hit for hit, _ in rows) / len(rows))


def test_the_interval_is_over_videos_not_queries() -> None:
    values = [0.0] * 50 + [1.0] * 50
    apart = estimate(values, [str(number) for number in range(100)])
    together = estimate(values, [str(number // 50) for number in range(100)])
    assert apart.high - apart.low < together.high - together.low == 1.0


def test_silence() -> None:
    questions = [Asked("1", "", (Answer("a"),)), Asked("2", "", (Answer("a"),)), Asked("3", "", ()), Asked("4", "", ())]
    answered = {
        "1": Answered((Answer("a"),), 0.9),
        "2": Answered((), None, nothing=True),
        "3": Answered((Answer("b"),), 0.4),
        "4": Answered((), None, nothing=True),
    }
    told = judge_silence(questions, answered)
    assert told is not None
    assert (told.said_of_answerable, told.said_of_unanswerable, told.auc) == (0.5, 0.5, (1 + 1 + 0 + 0.5) / 4)
    assert judge_silence(questions[:2], answered) is None


@given(st.lists(st.integers(0, 5), min_size=1), st.lists(st.integers(0, 5), min_size=1))
def test_the_area_counts_pairs(higher: list[int], lower: list[int]) -> None:
    import numpy as np

    pairs = [1.0 if one > other else 0.5 if one == other else 0.0 for one in higher for other in lower]
    assert auc(np.array(higher, float), np.array(lower, float)) == pytest.approx(sum(pairs) / len(pairs))
