"""What a search lists of a small real library: moments, videos, chains, and what is like a moment."""

from collections.abc import Iterator

import numpy as np
import pytest

from indexer.domain import Filters, Hit, SearchResult, SegmentId
from indexer.errors import UsageError
from indexer.search import Searcher, candidates, fusion
from indexer.search.levels import Levels
from tests.fakes.embedders import HashEmbedder
from tests.fakes.small_library import SEGMENT_US, SmallLibrary, small_library

KITCHEN = (
    "a cook cuts onions on a board",
    "on a board a cook cuts onions",
    "water boils in a pot",
    "a cook cuts onions on a board in the evening",
    "guests eat soup at a long table",
    "a waiter drops a plate",
)
AIRFIELD = ("people wave behind a fence", "a plane lands on the runway", "people wave from the terrace", "rain falls")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallLibrary]:
    made = small_library(tmp_path_factory.mktemp("small"))
    made.add("Kitchen", KITCHEN)
    made.add("Airfield", AIRFIELD)
    made.publish()
    yield made
    made.database.close()


@pytest.fixture
def searcher(library: SmallLibrary) -> Searcher:
    return Searcher(library.folder, library.database, lambda: library.embedder)


def search(searcher: Searcher, typed: str, **asked: object) -> SearchResult:
    return searcher.search(typed, **({"filters": Filters(), "limit": 20} | asked))  # type: ignore[arg-type]


def span(hit: Hit) -> tuple[float, float | None]:
    return hit.start_us / SEGMENT_US, None if hit.end_us is None else hit.end_us / SEGMENT_US


def test_neighbours_that_match_are_one_moment_with_its_exact_ends(searcher: Searcher) -> None:
    first = search(searcher, "cook cuts onions board").hits[0]
    assert (first.title, span(first), len(first.segments)) == ("Kitchen", (0, 2), 2)
    assert first.segment in first.segments
    alone = search(searcher, "cook cuts onions board", listing="segments").hits
    assert [span(hit) for hit in alone[:2]] == [(0, 1), (1, 2)]
    assert all(hit.segments == (hit.segment,) for hit in alone)


def test_a_video_is_listed_once_with_the_count_of_its_others(searcher: Searcher) -> None:
    hits = search(searcher, "cook cuts onions board", listing="videos").hits
    assert len({hit.video for hit in hits}) == len(hits)
    assert hits[0].title == "Kitchen"
    assert hits[0].more >= 1


def test_at_most_so_many_of_one_video_unless_it_alone_is_searched(searcher: Searcher, library: SmallLibrary) -> None:
    titles = [hit.title for hit in search(searcher, "cook").hits]
    assert titles.count("Kitchen") == 3
    inside = Filters(videos=(library.videos["Kitchen"],))
    assert len(search(searcher, "cook", filters=inside).hits) > 3
    assert len(search(searcher, "cook", filters=inside, per_video=2).hits) == 2
    assert len(search(searcher, "cook", limit=1).hits) == 1


def test_a_page_is_filled_where_one_video_holds_all_of_the_nearest(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "MOST", 3)
    titles = {hit.title for hit in search(searcher, "cook cuts onions board", listing="videos", limit=3).hits}
    assert len(titles) == 3


def test_then_finds_both_in_this_order(searcher: Searcher) -> None:
    result = search(searcher, "plane lands THEN people wave")
    first = result.hits[0]
    assert (first.title, span(first)) == ("Airfield", (1, 3))
    assert [step.text for step in first.steps] == ["a plane lands on the runway", "people wave from the terrace"]
    assert all(step.evidence for step in first.steps)
    assert first.segments == tuple(step.segment for step in first.steps)
    assert result.read_as == "plane lands THEN people wave"
    back = search(searcher, "people wave THEN plane lands").hits[0]
    assert (back.title, span(back)) == ("Airfield", (0, 2))


def test_then_within_bounds_the_wait(searcher: Searcher) -> None:
    near = search(searcher, "cook cuts onions THEN within 1s water boils").hits[0]
    assert [step.start_us // SEGMENT_US for step in near.steps] == [1, 2]
    far = search(searcher, "water boils THEN within 1s waiter drops plate").hits
    assert all(hit.steps[1].start_us - (hit.steps[0].end_us or 0) <= 1_000_000 for hit in far)
    assert ("water boils in a pot", "a waiter drops a plate") not in [tuple(s.text for s in hit.steps) for hit in far]


def test_a_chain_is_as_strong_as_its_weakest_step(searcher: Searcher) -> None:
    order = ["strong", "fair", "weak", "none"]
    for hit in search(searcher, "plane lands THEN soup").hits:
        assert hit.strength == max((step.strength for step in hit.steps), key=order.index)


def test_or_finds_what_either_finds(searcher: Searcher) -> None:
    texts = [hit.text for hit in search(searcher, "plane runway OR waiter plate").hits[:2]]
    assert sorted(texts) == ["a plane lands on the runway", "a waiter drops a plate"]


def test_typed_filters_and_those_given_both_hold(searcher: Searcher, library: SmallLibrary) -> None:
    result = search(searcher, "cook reel:R1")
    assert result.typed_filters == ("reel:R1",)
    assert result.hits
    assert not search(searcher, "cook reel:R2").hits
    assert search(searcher, "cook reel:R2").unmet_filters == ("reel:R2",)
    only = Filters(videos=(library.videos["Harbour"],))
    assert {hit.title for hit in search(searcher, "reel:R1", filters=only).hits} == {"Harbour"}


def test_without_words_the_newest_are_listed_and_of_videos_the_first(searcher: Searcher) -> None:
    by_video = search(searcher, "reel:R1", listing="videos").hits
    assert [(hit.title, span(hit), hit.more) for hit in by_video] == [
        ("Airfield", (0, 1), len(AIRFIELD) - 1),
        ("Kitchen", (0, 1), len(KITCHEN) - 1),
        ("Station", (0, 1), 1),
        ("Harbour", (0, 1), 2),
    ]
    assert list(by_video[:2]) == list(search(searcher, "reel:R1", listing="videos", limit=2).hits)
    two_each = search(searcher, "reel:R1", per_video=2, limit=3).hits
    assert [(hit.title, span(hit)[0], hit.more) for hit in two_each] == [
        *(("Airfield", 0, 0), ("Airfield", 1, len(AIRFIELD) - 2), ("Kitchen", 0, 0)),
    ]
    browsed = searcher.browse(filters=Filters(), limit=99, listing="videos")
    assert [(hit.title, hit.more) for hit in browsed] == [(hit.title, hit.more) for hit in by_video]


def test_filters_alone_browse_and_nothing_finds_nothing(searcher: Searcher) -> None:
    assert len(search(searcher, "longer:1s").hits) == 15
    assert search(searcher, "longer:1h").hits == ()
    assert search(searcher, "  ").hits == ()


def test_what_a_step_turns_on_must_be_there(searcher: Searcher) -> None:
    result = search(searcher, "people wave THEN XK-7777")
    assert result.strength == "none"
    assert result.unknown_words == ("XK-7777",)
    assert search(searcher, "BT-9999 zebra BT").unknown_words == ("BT-9999", "zebra")


def test_a_search_is_as_strong_however_few_are_shown(searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    for weight in ("WORDS_WEIGHT", "ALL_WORDS_BONUS"):
        monkeypatch.setattr(fusion, weight, -5.0)  # what holds every word comes last
    for limit in (1, 20):
        result = search(searcher, "waiter drops plate", limit=limit)
        assert result.hits[0].strength != "strong"
        assert result.strength == "strong"


def test_words_known_nowhere_and_nothing_near_find_nothing(
    library: SmallLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    searcher = Searcher(library.folder, library.database, lambda: library.embedder)
    assert search(searcher, "zebra quagga").strength != "strong"
    monkeypatch.setattr("indexer.search.searcher.read_levels", lambda tx, space: Levels())
    assert search(searcher, "zebra quagga").strength == "none"
    assert search(searcher, "zebra THEN people wave").strength == "none"
    assert search(searcher, "zebra cook").strength != "none"


def test_lengths_are_those_of_the_moments_listed(searcher: Searcher) -> None:
    for listing in ("moments", "videos"):
        hits = search(searcher, "cook cuts onions board shorter:5s", listing=listing).hits
        assert hits
        assert all(hit.end_us is not None and hit.end_us - hit.start_us <= SEGMENT_US for hit in hits)


@pytest.mark.parametrize("typed", ["(zebra)", "NEAR(zebra", "<zebra>,", "'zebra'", "…zebra!?"])
def test_what_is_nowhere_is_named_without_what_stands_around_it(searcher: Searcher, typed: str) -> None:
    assert "zebra" in search(searcher, f"people {typed}").unknown_words


def test_corrections_are_told(library: SmallLibrary) -> None:
    searcher = Searcher(library.folder, library.database, lambda: HashEmbedder(longest_whole_word=5))
    result = search(searcher, "lighthuose above THEN people wave")
    (corrected,) = result.corrections
    assert (corrected.typed, corrected.read) == ("lighthuose", "lighthouse")
    assert result.read_as.startswith("lighthouse")


# -- like a moment ---------------------------------------------------------------------------------------------------


def segment_of(searcher: Searcher, text: str) -> SegmentId:
    return next(hit.segment for hit in searcher.browse(filters=Filters(), limit=99) if hit.text == text)


def test_more_like_a_moment_leaves_its_own_moment_out(searcher: Searcher) -> None:
    hits = searcher.similar(segment_of(searcher, KITCHEN[0]), filters=Filters(), limit=5).hits
    assert hits[0].text == KITCHEN[3]
    assert not {KITCHEN[0], KITCHEN[1]} & {hit.text for hit in hits}
    assert [one.signal for one in hits[0].evidence] == ["meaning"]
    assert hits[0].evidence[0].strength == hits[0].strength


def test_more_like_a_moment_obeys_filters(searcher: Searcher, library: SmallLibrary) -> None:
    only = Filters(videos=(library.videos["Station"],))
    hits = searcher.similar(segment_of(searcher, KITCHEN[0]), filters=only, limit=5).hits
    assert {hit.title for hit in hits} == {"Station"}


def test_without_vectors_or_pictures_it_is_said_what_to_do(searcher: Searcher) -> None:
    with pytest.raises(UsageError, match="shotlist worker"):
        searcher.similar(SegmentId("nowhere"), filters=Filters(), limit=5)
    with pytest.raises(UsageError, match="--image-embedder"):
        searcher.like_picture(np.zeros((4, 4, 3), np.uint8), filters=Filters(), limit=5)
    assert searcher.why_no_pictures()
