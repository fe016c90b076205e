"""The table of words: what counts as said, right, and missed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.measured_captions import Judged, Label, judge, read_labels, tabulate, wilson
from indexer.domain import CaptionDraft, Facet

PLAIN = Label(
    clip="a.mp4",
    start_us=0,
    end_us=1,
    half="final",
    camera="static",
    movement="some",
    faces=(0, 0),
    shot="none",
    light="dark",
    place="day",
    warmth="neither",
    picture="colour",
)


def one(found: list[Judged], word: str) -> Judged | None:
    return next((judged for judged in found if judged.word == word), None)


def draft(text: str, **facets: str) -> CaptionDraft:
    return CaptionDraft(text, tuple(Facet(name, value) for name, value in facets.items()))


def test_what_is_said_and_seen_is_right_and_what_is_not_said_is_missed() -> None:
    found = judge(PLAIN, draft("Static camera.", camera="static"))
    assert one(found, "camera: static") == Judged("camera: static", True, True, hoped_for=True)
    assert one(found, "light: dark") == Judged("light: dark", False, None, hoped_for=True)


def test_what_was_not_seen_is_wrong() -> None:
    found = judge(PLAIN, draft("", camera="pan left", shot="wide", picture="black and white", light="warm"))
    words = ("camera: pan left", "shot: wide", "picture: black and white", "light: warm")
    assert [(word, one(found, word) == Judged(word, True, False, hoped_for=False)) for word in words] == [
        (word, True) for word in words
    ]


def test_what_is_unclear_counts_neither_way_and_what_may_be_is_not_missed() -> None:
    found = judge(replace(PLAIN, camera="unclear", light="bright?"), draft("", camera="pan left", light="bright"))
    assert one(found, "camera: pan left") == Judged("camera: pan left", True, None, hoped_for=False)
    assert one(found, "light: bright") == Judged("light: bright", True, True, hoped_for=False)
    assert one(judge(replace(PLAIN, camera="zoom in?"), draft("")), "camera: zoom in") is None


@pytest.mark.parametrize(
    ("seen", "said", "right"),
    [((1, 2), "1", True), ((2, 2), "1", False), ((0, 0), "1", False), ((2, 5), "3+", True), ((2, 2), "3+", False)],
)
def test_a_number_of_faces_is_right_within_what_can_be_counted(
    seen: tuple[int, int], said: str, *, right: bool
) -> None:
    found = judge(replace(PLAIN, faces=seen), draft("One face.", faces=said))
    number = {"1": "one face", "3+": "three or more faces"}[said]
    assert one(found, f"faces: {number}") == Judged(f"faces: {number}", True, right, hoped_for=seen == (1, 1))


def test_a_face_where_none_is_is_wrong_even_without_a_number() -> None:
    found = judge(PLAIN, draft("At least one face."))
    assert one(found, "faces: any") == Judged("faces: any", True, False, hoped_for=False)


def test_the_table_counts_by_word() -> None:
    (row,) = tabulate([Judged("a", True, True, True), Judged("a", True, False, False), Judged("a", False, None, True)])
    assert (row.said, row.right, row.precision, row.hoped_for, row.recall) == (2, 1, 0.5, 2, 0.5)


@given(st.integers(1, 500), st.data())
def test_the_interval_holds_the_share_and_stays_within_0_and_1(of: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, of))
    low, high = wilson(hits, of)
    assert 0 <= low <= hits / of + 1e-9
    assert hits / of - 1e-9 <= high <= 1


def test_the_interval_of_9_in_10() -> None:
    assert wilson(9, 10) == pytest.approx((0.596, 0.982), abs=0.001)


def test_the_labels_are_of_one_half_each_and_many() -> None:
    labels = read_labels()
    assert len(labels) >= 150
    assert all(len(read_labels(half)) >= 0.4 * len(labels) for half in ("improving", "final"))
    assert len({(one.clip, one.start_us) for one in labels}) == len(labels)
    assert all(one.start_us < one.end_us and one.faces[0] <= one.faces[1] for one in labels)
