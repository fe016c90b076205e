"""Moments out of ranked segments, whatever the library."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.domain import SegmentId
from indexer.search.candidates import Found
from indexer.search.fusion import NOTHING
from indexer.search.moments import (
    MORE_OF_BEST,
    NEAR_SCORE,
    Moment,
    each_alone,
    fold_repeats,
    join_neighbours,
    limit_each_video,
    list_moments,
    say_alike,
)
from indexer.store.recipes import HUMAN
from indexer.store.spans import StoredSpan

SECOND = 1_000_000
TEXTS = ("a red boat crosses the harbour", "a boat in the harbour", "gulls above the lighthouse", "")
PICTURES = (None, bytes(8), bytes(7) + b"\x03", b"\xff" * 8)


def segment(row: int, *, at: int, score: float = 0.5, video: int = 1, text: str = TEXTS[0], **more: object) -> Found:
    """Five seconds from `at`, in seconds."""
    span = StoredSpan(row, SegmentId(f"s{row}"), video, at * SECOND, (at + 5) * SECOND, text, "", "model/1", None)
    return Found(span._replace(**more), score, NOTHING, {}, {})  # type: ignore[arg-type]


@st.composite
def rankings(draw: st.DrawFn) -> list[Found]:
    """Candidates of a few videos that tile them, with gaps, or overlap."""
    places = draw(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 12)), max_size=25))
    made = []
    for row, (video, at) in enumerate(places, start=1):
        score = draw(st.sampled_from([0.9, 0.85, 0.8, 0.6, 0.3, 0.1]))
        text, picture = draw(st.sampled_from(TEXTS)), draw(st.sampled_from(PICTURES))
        recipe, open_ended = draw(st.sampled_from(["model/1", HUMAN])), draw(st.integers(0, 9)) == 0
        one = segment(row, at=at * 5 // 2, score=score, video=video, text=text, recipe=recipe, picture_hash=picture)
        made.append(one._replace(span=one.span._replace(end_us=None)) if open_ended else one)
    return sorted(made, key=lambda one: -one.score)


def rows(moments: Sequence[Moment]) -> list[list[int]]:
    return [[span.row for span in moment.spans] for moment in moments]


@given(rankings())
def test_joining_loses_nothing_and_keeps_the_order(ranked: list[Found]) -> None:
    moments = join_neighbours(ranked)
    assert sorted(row for some in rows(moments) for row in some) == sorted(one.span.row for one in ranked)
    scores = [moment.best.score for moment in moments]
    assert scores == sorted(scores, reverse=True)
    for moment in moments:
        assert moment.best.span in moment.spans
        assert {span.video_row for span in moment.spans} == {moment.video_row}
        assert list(moment.spans) == sorted(moment.spans, key=lambda span: (span.start_us, span.row))


@given(rankings())
def test_a_moment_is_one_stretch_of_time_without_a_gap(ranked: list[Found]) -> None:
    for moment in join_neighbours(ranked):
        until: float = moment.spans[0].start_us
        for span in moment.spans:
            assert span.start_us <= until
            until = max(until, float("inf") if span.end_us is None else span.end_us)
        assert moment.start_us == moment.spans[0].start_us
        assert until == (float("inf") if moment.end_us is None else moment.end_us)


@given(rankings())
def test_every_segment_of_a_moment_matches_nearly_as_well_and_says_the_same(ranked: list[Found]) -> None:
    score = {one.span.row: one.score for one in ranked}
    for moment in join_neighbours(ranked):
        best = moment.best.span
        for span in moment.spans:
            if (span.start_us, span.end_us) != (best.start_us, best.end_us):
                assert score[span.row] >= moment.best.score - NEAR_SCORE
                assert say_alike(span.text, best.text)


@given(rankings(), st.integers(1, 3))
def test_nothing_is_listed_twice_whatever_the_listing(ranked: list[Found], most: int) -> None:
    for listing in ("segments", "moments", "videos"):
        moments = list_moments(ranked, listing, per_video=most)
        listed = [row for moment in moments for row in moment.rows]
        assert len(listed) == len(set(listed))
        for video in {moment.video_row for moment in moments}:
            assert sum(moment.video_row == video for moment in moments) <= most


@given(rankings())
def test_folding_keeps_all_and_folds_only_what_is_alike(ranked: list[Found]) -> None:
    alone = each_alone(ranked)
    folded = fold_repeats(alone)
    assert sorted(row for moment in folded for row in moment.rows) == sorted(one.row for one in alone)
    for moment in folded:
        for repeat in moment.repeats:
            one, other = moment.best.span, repeat.best.span
            assert say_alike(one.text, other.text)
            assert not (one.by_human and other.by_human and one.video_row != other.video_row)
            assert (one.picture_hash is None) == (other.picture_hash is None)


def test_neighbours_that_match_are_one_moment() -> None:
    ranked = [segment(2, at=5, score=0.8), segment(1, at=0, score=0.75), segment(3, at=10, score=0.72)]
    (moment,) = join_neighbours(ranked)
    assert (moment.start_us, moment.end_us, moment.row) == (0, 15 * SECOND, 2)


@pytest.mark.parametrize(
    "neighbour",
    [
        segment(2, at=6),
        segment(2, at=5, score=0.3),
        segment(2, at=5, video=2),
        segment(2, at=5, text="gulls above the lighthouse"),
    ],
    ids=["a second later", "a worse match", "another video", "says something else"],
)
def test_others_are_moments_of_their_own(neighbour: Found) -> None:
    assert rows(join_neighbours([segment(1, at=0), neighbour])) == [[1], [2]]


def test_what_tells_of_the_camera_makes_no_two_texts_alike() -> None:
    one, other = "Yellow rockets explode. The view holds still.", "A woman walks. The view holds still."
    assert not say_alike(one, other)
    assert say_alike("The view holds still.", "The view holds still.")


def test_neighbours_stay_apart_where_they_are_asked_to() -> None:
    ranked = [segment(1, at=0), segment(2, at=5), segment(3, at=60, picture_hash=bytes(8))]
    ranked.append(segment(4, at=80, picture_hash=bytes(8)))
    assert rows(list_moments(ranked, "moments", per_video=None)) == [[1, 2], [3]]
    ranked[1] = segment(2, at=5, text=TEXTS[1])
    assert rows(list_moments(ranked, "moments", per_video=None, neighbours="apart")) == [[1], [2], [3]]


def test_texts_of_one_span_are_one_moment_whatever_they_say() -> None:
    ranked = [segment(1, at=0), segment(2, at=0, score=0.1, text="gulls above the lighthouse")]
    assert rows(join_neighbours(ranked)) == [[1, 2]]


def test_the_same_shot_in_two_videos_is_listed_once() -> None:
    ranked = [segment(1, at=0, picture_hash=bytes(8)), segment(2, at=0, video=2, picture_hash=bytes(7) + b"\x3f")]
    (moment,) = fold_repeats(each_alone(ranked))
    assert rows(moment.repeats) == [[2]]
    other = [ranked[0], segment(2, at=0, video=2, picture_hash=bytes(7) + b"\x7f")]
    assert len(fold_repeats(each_alone(other))) == 2, "seven bits are another picture"


def test_the_same_picture_of_which_something_else_is_said_is_no_repeat() -> None:
    other = segment(2, at=30, text="gulls above the lighthouse", picture_hash=bytes(8))
    ranked = [segment(1, at=0, picture_hash=bytes(8)), other]
    assert len(fold_repeats(each_alone(ranked))) == 2


def test_without_pictures_a_machines_very_words_tell_and_peoples_do_not() -> None:
    assert len(fold_repeats(each_alone([segment(1, at=0), segment(2, at=0, video=2)]))) == 1
    people = [segment(1, at=0, recipe=HUMAN), segment(2, at=0, video=2, recipe=HUMAN)]
    assert len(fold_repeats(each_alone(people))) == 2


def test_a_video_is_listed_so_many_times_and_the_others_that_match_are_counted() -> None:
    ranked = [segment(row, at=20 * row, score=0.9 - row / 100) for row in range(1, 6)]
    ranked.append(segment(6, at=200, score=0.9 * MORE_OF_BEST - 0.1))
    ranked.append(segment(7, at=0, score=0.0, video=2))
    listed = limit_each_video(each_alone(ranked), 2)
    assert [(moment.row, moment.more) for moment in listed] == [(1, 0), (2, 3), (7, 0)]
