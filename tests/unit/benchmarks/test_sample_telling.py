"""What is told of a clip can be heard again; mirrored, reversed, cut and frozen clips are told as they are shown."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.sample_captioner.hearing import Claim, claims_of, hear
from benchmarks.sample_captioner.marking import claims_motion, marks, shares
from benchmarks.sample_captioner.sight import (
    Happening,
    Sight,
    backwards,
    can_reverse,
    frozen,
    in_order,
    mirrored,
    part,
)
from benchmarks.sample_captioner.telling import tell
from benchmarks.sample_captioner.vocabulary import CAMERAS, COLOURS, DOINGS, LIGHTS, NOUNS, PLACES, TEAMS

moments = st.integers(0, 20).map(lambda step: step / 20)


@st.composite
def happenings(draw: st.DrawFn) -> Happening:
    noun = draw(st.sampled_from(sorted(NOUNS)))
    colour = draw(st.sampled_from((*COLOURS, *TEAMS))) if "{c}" in NOUNS[noun] else None
    doing = draw(st.sampled_from((None, *sorted(DOINGS))))
    heading = draw(st.sampled_from((None, "left", "right"))) if doing else None
    start = draw(moments)
    return Happening(noun, colour, doing, heading, start, min(1.0, start + 0.3))


@st.composite
def sights(draw: st.DrawFn) -> Sight:
    first, *others = draw(st.lists(happenings(), min_size=1, max_size=4))
    place, light = draw(st.sampled_from(sorted(PLACES))), draw(st.sampled_from(sorted(LIGHTS)))
    camera = draw(st.sampled_from(sorted(CAMERAS)))
    return in_order(Sight(place, place, light, camera, (replace(first, main=True), *others)))


BOAT = Happening("sailing boat", "red", "crosses", "right", main=True)
GULLS = Happening("gulls", None, "fly", "left", 0.45, 1.0)
PORT = Sight("harbour", "harbour", "sunset", "pan right", (BOAT, GULLS))
TOLD = (
    "A red sailboat glides to the right in a port at sundown, then some seabirds wing their way to the left. "
    "The view swings right."
)


class TestTelling:
    def test_a_caption_says_all_of_it(self) -> None:
        assert tell(PORT) == TOLD

    @given(sights())
    def test_what_is_told_is_heard(self, sight: Sight) -> None:
        assert hear(tell(sight)) == claims_of(sight)

    @pytest.mark.parametrize("words", ["", "A dog barks.", TOLD[:50], TOLD.replace("red", "mauve"), "then, while . ."])
    def test_what_is_not_understood_claims_no_such_thing(self, words: str) -> None:
        assert hear(words) != claims_of(PORT)

    def test_a_thing_named_again_is_it(self) -> None:
        street = replace(PORT, happenings=(BOAT, replace(BOAT, doing="leans", heading=None, start=0.5, main=False)))
        assert ", then it tips in the wind." in tell(street)


class TestSights:
    @given(sights())
    def test_mirrored_twice_is_as_it_was(self, sight: Sight) -> None:
        assert mirrored(mirrored(sight)) == sight

    def test_backwards_turns_headings_order_doings_and_camera_round(self) -> None:
        lamp = Happening("lamp", None, "lights", None, 0.1, 0.3)
        turned = backwards(replace(PORT, happenings=(BOAT, lamp)))
        assert turned.camera == "pan left"
        assert [(one.doing, one.heading) for one in turned.happenings] == [("crosses", "left"), ("darkens", None)]
        assert turned.links() == ["then"]
        assert backwards(turned).happenings[0].heading == "right"

    def test_of_two_things_in_turn_the_second_comes_first_backwards(self) -> None:
        early, late = replace(BOAT, end=0.4), replace(GULLS, start=0.5)
        turned = backwards(replace(PORT, happenings=(early, late)))
        assert [one.noun for one in turned.happenings] == ["gulls", "sailing boat"]

    def test_what_makes_no_sense_backwards_is_not_reversed(self) -> None:
        assert can_reverse(PORT)
        assert not can_reverse(replace(PORT, kind="goal"))
        assert not can_reverse(replace(PORT, happenings=(replace(BOAT, noun="fireworks"),)))

    def test_a_part_tells_only_what_is_seen_in_it(self) -> None:
        cut = part(PORT, 0.0, 0.45)
        assert cut is not None
        assert [one.noun for one in cut.happenings] == ["sailing boat"]
        assert part(PORT, 0.0, 0.75) is None  # half of the gulls' flight: seen or not, a matter of taste

    def test_a_frozen_clip_claims_no_motion(self) -> None:
        held = frozen(PORT, 0.5)
        assert held is not None
        assert tell(held) == "A red sailboat in a port at sundown. Nothing moves."
        assert not claims_motion(tell(held))
        assert claims_motion(TOLD)
        assert frozen(replace(PORT, happenings=(replace(BOAT, seen=(0.6, 1.0)), GULLS)), 0.5) is None


class TestMarking:
    def test_a_true_caption_is_right_in_everything(self) -> None:
        given = marks(PORT, TOLD)
        assert set(given) == {
            "kind",
            "colour",
            "motion",
            "place",
            "light",
            "camera",
            "second",
            "order",
            "everything",
        }
        assert all(given.values())

    @pytest.mark.parametrize(
        ("before", "after", "wrong"),
        [
            ("sailboat", "trawler", {"kind", "colour", "motion"}),
            ("red", "blue", {"colour"}),
            ("glides to the right", "glides to the left", {"motion"}),
            ("in a port", "on open water", {"place"}),
            ("at sundown", "after dark", {"light"}),
            ("swings right", "swings left", {"camera"}),
            ("way to the left", "way to the right", {"second"}),
        ],
    )
    def test_each_mistake_is_marked_where_it_is(self, before: str, after: str, wrong: set[str]) -> None:
        given = marks(PORT, TOLD.replace(before, after))
        assert {name for name, right in given.items() if not right} == {*wrong, "everything"}

    def test_the_other_order_is_wrong(self) -> None:
        other = (
            "Some seabirds wing their way to the left in a port at sundown, then a red sailboat glides to the right. "
            "The view swings right."
        )
        given = marks(PORT, other)
        assert not given["order"]
        assert given["motion"]
        assert given["second"]

    def test_shares_are_over_what_was_asked(self) -> None:
        assert shares([{"kind": True, "order": False}, {"kind": False}]) == {"kind": (0.5, 2), "order": (0.0, 1)}


def test_claims_keep_what_was_understood_of_a_part() -> None:
    said = hear("A red sailboat glides to the right in a port at sundown, then a dog barks. The view swings right.")
    assert said.happenings == (Claim("sailing boat", "red", "crosses", "right"), Claim(None))
