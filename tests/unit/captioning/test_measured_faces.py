"""From the faces found in single pictures to what is said of a clip."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.captioning.measured import thresholds as limit
from indexer.captioning.measured.face_model import Face
from indexer.captioning.measured.faces import NO_FACES, judge_faces
from indexer.captioning.measured.facts import Faces

SURE, POSSIBLE, UNLIKELY = limit.FACE_SURE + 0.02, limit.FACE_POSSIBLE + 0.02, limit.FACE_POSSIBLE - 0.02
one_face = st.builds(Face, st.floats(0.5, 1), st.floats(0.02, 1.2))
looks = st.lists(st.lists(one_face, max_size=5), min_size=1, max_size=9)


def test_a_face_in_every_look_is_one_face_of_its_size() -> None:
    found = [judge_faces([[Face(SURE, height)]] * 9) for height in (0.6, 0.38, 0.2, 0.1, 0.05)]
    assert [(faces.count, faces.complete) for faces in found] == [(1, True)] * 5
    assert [faces.shot for faces in found] == ["close-up", None, "medium", None, "wide"]


def test_what_is_only_possible_is_no_face_and_makes_a_number_uncertain() -> None:
    assert judge_faces([[Face(POSSIBLE, 0.6)]] * 9) == NO_FACES
    assert judge_faces([[Face(SURE, 0.6), Face(POSSIBLE, 0.5)]] * 9) == Faces(1, False, "close-up")
    assert judge_faces([[Face(SURE, 0.6), Face(UNLIKELY, 0.5)]] * 9) == Faces(1, True, "close-up")


def test_a_face_seen_in_one_look_does_not_count() -> None:
    assert judge_faces([[Face(SURE, 0.6)]] + [[]] * 8) == NO_FACES
    two = [Face(SURE, 0.2), Face(SURE, 0.2)]
    assert judge_faces([two] + [two[:1]] * 8) == Faces(1, True, "medium")


def test_a_clip_that_goes_from_near_to_far_has_no_shot_size() -> None:
    near, far = [Face(SURE, 0.6)], [Face(SURE, 0.2)]
    assert judge_faces([near] * 4 + [far] * 5) == Faces(1, True, None)


def test_a_face_that_is_there_for_less_than_half_of_the_clip_gives_no_shot_size() -> None:
    assert judge_faces([[Face(SURE, 0.6)]] * 4 + [[]] * 5) == Faces(1, True, None)


@given(looks)
def test_no_more_faces_are_told_than_were_sure_at_one_time(seen: list[list[Face]]) -> None:
    told = judge_faces(seen)
    assert told.count <= max(sum(face.score >= limit.FACE_SURE for face in look) for look in seen)
    assert told.count or told == NO_FACES


@given(looks)
def test_a_clip_played_backwards_has_as_many_faces(seen: list[list[Face]]) -> None:
    assert judge_faces(seen[::-1]).count == judge_faces(seen).count
