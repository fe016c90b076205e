"""Each hit says why it was found: which words, where they stand, how near it is, what held."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.domain import AtLeast, Facet, Filters, Hit, Recipe, Segment, SegmentId, Video, VideoId
from indexer.library_folder import LibraryFolder
from indexer.search.candidates import Found
from indexer.search.evidence import Grounds, make_hit, match_words
from indexer.search.fusion import NOTHING
from indexer.search.levels import Levels
from indexer.search.wording import Corpus, Wording
from indexer.store import words
from indexer.store.hits import StoredHit
from indexer.store.search_levels import Level
from indexer.store.spans import StoredSpan

HERE = Levels((Level(1, nothing=0.3, fair=0.4, strong=0.6),))
TEXT = "A red boat, two red gulls and reel BT-0431."


def wording(*stems: str, hard: tuple[str, ...] = ()) -> Wording:
    """Each word weighs alike."""
    corpus = Corpus(dict.fromkeys(stems, 1), 100)
    asked = tuple((stem,) for stem in stems)
    return Wording(asked, corpus, corpus, corpus, frozenset(hard), 0.0, (), False, {})


def stored(text: str = TEXT, *, recipe: str = "model/1", facets: tuple[Facet, ...] = ()) -> StoredHit:
    video = Video(
        id=VideoId("v"),
        title="Harbour days",
        kind="file",
        duration_us=None,
        width=64,
        height=36,
        rate=Fraction(25),
        start_timecode=None,
        recorded_at=None,
        codec="",
        container="",
        complete=True,
        locations=(),
    )
    segment = Segment(SegmentId("s"), VideoId("v"), 1_000_000, 2_000_000)
    fields = {"people": "Łukasz Nowak", "recorded": "12 April 1987", "place": "Lisbon"}
    return StoredHit(segment, video, text, Recipe(recipe), None, None, facets, fields)


def hit(one: StoredHit, asked: Wording, *, cosine: float = 0.0, grounds: Grounds | None = None, **cues: int) -> Hit:
    places = {"meaning": 2, "words": 1, "name": 3}
    span = StoredSpan(1, one.segment.id, 1, one.segment.start_us, one.segment.end_us, one.text, "", one.recipe, None)
    found = Found(span, 0.5, NOTHING._replace(cosine=cosine), places, cues)  # type: ignore[arg-type]
    return make_hit(LibraryFolder(Path("/l")), one, found=found, wording=asked, grounds=grounds or Grounds(HERE))


def test_words_are_told_with_where_they_stand() -> None:
    (in_text,) = (one for one in hit(stored(), wording("red", "gull")).evidence if one.signal == "words")
    assert (in_text.field, in_text.words, in_text.rank) == ("caption", ("red", "gulls"), 1)
    assert [TEXT[start:end] for start, end in in_text.spans] == ["red", "red", "gulls"]
    assert in_text.text == "", "it is the hit's own"


def test_what_a_person_wrote_is_a_description() -> None:
    found = hit(stored(recipe="human"), wording("red"), cosine=0.5)
    assert {one.field for one in found.evidence} == {"description"}


@pytest.mark.parametrize("typed", ["bt0431", "BT-0431", "bt 0431"])
def test_identifiers_are_found_however_they_are_joined(typed: str) -> None:
    stems = [token.stem for token in words.tokens(typed)]
    match = match_words(TEXT, stems)
    assert match is not None
    assert TEXT[match.spans[0][0] : match.spans[-1][1]] == "BT-0431"


@pytest.mark.parametrize("joint", ["-", "_", ".", "/"])
def test_an_identifier_is_told_whole(joint: str) -> None:
    match = match_words(f"reel BT{joint}0431, BT and 0431", ["bt", "0431"])
    assert match is not None
    assert match.words == (f"BT{joint}0431", "BT", "0431")


def test_names_are_told_with_their_text_and_dates_in_any_form() -> None:
    asked = wording(*(token.stem for token in words.dated_tokens("lukasz 1987-04-12 harbour")))
    names = {one.field: one for one in hit(stored(), asked).evidence if one.signal == "name"}
    assert names["people"].words == ("Łukasz",)
    assert names["people"].text == "Łukasz Nowak"
    assert names["recorded"].words == ("12 April 1987",)
    assert names["title"].spans == ((0, 7),)


def test_lines_of_speech_and_tags_are_told_with_their_text() -> None:
    grounds = Grounds(HERE, lines={7: "and the goal stands"})
    found = hit(stored(facets=(Facet("tag", "late goal"),)), wording("goal"), grounds=grounds, transcript=7)
    told = {one.field: (one.words, one.text) for one in found.evidence if one.signal == "words"}
    assert told == {"tags": (("goal",), "late goal"), "transcript": (("goal",), "and the goal stands")}


def test_filters_that_held_are_told() -> None:
    filters = Filters(facets=(Facet("camera", "pan"), Facet("place", "lisbon")), at_least=(AtLeast("faces", 2),))
    facets = (Facet("camera", "pan left"), Facet("faces", "3+"), Facet("light", "warm"))
    found = hit(stored(facets=facets), wording(), grounds=Grounds(HERE, filters))
    told = {one.field: one.words for one in found.evidence if one.signal == "facet"}
    assert told == {"camera": ("pan left",), "faces": ("3+",), "place": ("Lisbon",)}


@pytest.mark.parametrize(
    ("cosine", "strength"), [(0.7, "strong"), (0.5, "fair"), (0.35, "weak"), (0.29, "none"), (-1.0, "none")]
)
def test_nearness_is_said_in_words(cosine: float, strength: str) -> None:
    found = hit(stored(), wording("nowhere"), cosine=cosine)
    assert found.strength == strength
    assert [one.strength for one in found.evidence if one.signal == "meaning"] == [strength]


@pytest.mark.parametrize(
    ("asked", "strength"),
    [
        (wording("red", "boat"), "strong"),  # every word
        (wording("lukasz", "nowak"), "strong"),  # a name
        (wording("red", "boat", "nowhere"), "fair"),  # most of the words
        (wording("red", "nowhere", "never"), "none"),  # one of three
        (wording("bt0431", "nowhere", hard=("bt0431",)), "strong"),  # an identifier
        (wording("lisbon", "red", "nowhere"), "fair"),  # most of the words, some of them in a name
    ],
)
def test_words_found_override_a_low_cosine(asked: Wording, strength: str) -> None:
    assert hit(stored(), asked).strength == strength


def test_no_reason_says_a_percentage() -> None:
    found = hit(stored(), wording("red"), cosine=0.5)
    assert not any("%" in one.text for one in found.evidence)


@given(st.text(max_size=80), st.text(max_size=30))
def test_spans_are_in_order_and_hold_the_words(text: str, typed: str) -> None:
    stems = [token.stem for token in words.tokens(typed)]
    match = match_words(text, stems)
    if match is None:
        return
    assert match.stems <= set(stems)
    assert all(start < end for start, end in match.spans)
    assert all(one[1] <= another[0] for one, another in zip(match.spans, match.spans[1:], strict=False))
    assert {text[start:end] for start, end in match.spans} == set(match.words)


@given(st.text(max_size=80))
def test_every_word_of_a_text_is_found_in_it(text: str) -> None:
    for token in words.tokens(text):
        match = match_words(text, [token.stem])
        assert match is not None
        assert any(start <= token.start and token.end <= end for start, end in match.spans)
