"""Search over a small library of texts, with an embedder that knows words only: what must hold whatever the model."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.domain import (
    Caption,
    Decoded,
    Facet,
    Filters,
    Fingerprint,
    MediaInfo,
    Recipe,
    SearchResult,
    SegmentId,
    VideoId,
)
from indexer.ingest import Publisher
from indexer.ingest.embed import embed_new_captions
from indexer.library_folder import LibraryFolder
from indexer.search import Searcher
from indexer.store import Database, open_database, segments, videos
from indexer.store import settings as stored
from indexer.timecode import StartTimecode, TimeRange
from tests.fakes.embedders import HashEmbedder

INFO = MediaInfo("mp4", "h264", 0, 640, 360, 0, Fraction(25), Fraction(25), None, None, None, None, None, "yuv420p")
RECIPE = Recipe("test/1")
FOOTAGE = {
    "Harbour days": [
        "a red boat crosses the harbour",
        "seagulls above the red lighthouse",
        "people wave from the pier",
    ],
    "Night shift": ["a forklift lifts a box", "a guard walks past the gate at night"],
    "Reel BT-0431": ["a crowd cheers in the stadium", "the goalkeeper dives to the left"],
    "Łódź, ulica Piotrkowska": ["a tram turns into a narrow street"],
}


class TextLibrary:
    """A library of captions, and how to add to it."""

    def __init__(self, root: Path) -> None:
        self.folder = LibraryFolder(root)
        self.folder.create()
        self.database: Database = open_database(f"sqlite:///{self.folder.database_file}", purpose="write")
        self.embedder = HashEmbedder(longest_whole_word=5)
        self.searcher = Searcher(self.folder, self.database, lambda: self.embedder)
        with self.database.write() as tx:
            stored.prefer(tx, RECIPE)

    def add(self, title: str, captions: list[str], *, info: MediaInfo = INFO) -> VideoId:
        with self.database.write() as tx:
            video = videos.add(tx, info=info, fingerprint=Fingerprint(1, title), title=title, fields={})
            spans = [TimeRange(n * 5_000_000, (n + 1) * 5_000_000) for n in range(len(captions))]
            made = segments.put_segmentation(tx, video, recipe=RECIPE, origin="detected", spans=spans, cuts=[])
            texts = [Caption(one.id, text, RECIPE) for one, text in zip(made, captions, strict=True)]
            facets: dict[SegmentId, tuple[Facet, ...]] = {made[0].id: (Facet("camera", "static"),)}
            segments.put_captions(tx, texts, facets)
            videos.set_decoded(tx, video, Decoded(len(spans), spans[-1].end_us, info.rate))
            videos.finish(tx, video)
        embed_new_captions(self.database, self.embedder, video=None)
        return video

    def publish(self) -> int:
        return Publisher(self.folder, self.database).publish(self.embedder.space)

    def search(self, typed: str, filters: Filters | None = None) -> SearchResult:
        return self.searcher.search(typed, filters=filters or Filters(), limit=10)

    def texts(self, typed: str, filters: Filters | None = None) -> list[str]:
        return [hit.text for hit in self.search(typed, filters).hits]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TextLibrary]:
    made = TextLibrary(tmp_path_factory.mktemp("library"))
    for title, captions in FOOTAGE.items():
        made.add(title, captions)
    yield made
    made.database.close()


def test_words_and_meaning_find_the_caption_first(library: TextLibrary) -> None:
    first = library.search("boat in the harbour").hits[0]
    assert first.text == "a red boat crosses the harbour"
    assert {one.signal for one in first.evidence} >= {"words", "meaning", "name"}
    words = next(one for one in first.evidence if one.signal == "words")
    assert (words.field, words.words) == ("caption", ("boat", "harbour"))


@pytest.mark.parametrize("typed", ["BT-0431", "bt 0431", "BT0431", "reel bt-0431"])
def test_an_identifier_is_found_however_it_is_joined(library: TextLibrary, typed: str) -> None:
    result = library.search(typed)
    assert {hit.title for hit in result.hits[:2]} == {"Reel BT-0431"}
    assert result.strength == "strong"


@pytest.mark.parametrize("typed", ["BT-043*", "bt 043*", "BT04*", "bt0431*"])
def test_an_identifier_is_found_by_its_beginning_however_it_is_joined(library: TextLibrary, typed: str) -> None:
    assert {hit.title for hit in library.search(typed).hits[:2]} == {"Reel BT-0431"}


def test_names_are_found_without_their_diacritics(library: TextLibrary) -> None:
    assert library.search("lodz piotrkowska").hits[0].title == "Łódź, ulica Piotrkowska"


def test_phrases_and_exclusions_are_filters(library: TextLibrary) -> None:
    assert library.texts('"red boat"') == ["a red boat crosses the harbour"]
    assert "a red boat crosses the harbour" not in library.texts("red -boat")
    assert library.texts("red -boat")[0] == "seagulls above the red lighthouse"
    assert library.search('"boat red"').strength == "none"


def test_a_typo_is_forgiven_and_said(library: TextLibrary) -> None:
    result = library.search("forklfit")
    assert result.hits[0].text == "a forklift lifts a box"
    assert result.read_as == "forklift"


def test_what_is_nowhere_is_named(library: TextLibrary) -> None:
    result = library.search("XK-7777")
    assert result.strength == "none"
    assert result.unknown_words


def test_filters(library: TextLibrary) -> None:
    assert library.texts("a", Filters(facets=(Facet("camera", "static"),))) != []
    for hit in library.search("a", Filters(facets=(Facet("camera", "static"),))).hits:
        assert hit.start_us == 0
    assert library.search("boat", Filters(longer_us=6_000_000)).hits == ()
    night = library.search("guard").hits[0].video
    assert {hit.video for hit in library.search("boat", Filters(videos=(night,))).hits} <= {night}


def test_timecodes_are_the_source_s(tmp_path: Path) -> None:
    library = TextLibrary(tmp_path)
    info = replace(INFO, rate=Fraction(30000, 1001), start_timecode=StartTimecode("01:00:00;00"))
    library.add("Tape", ["first", "second thing"], info=info)
    assert library.search("second thing").hits[0].timecode == "01:00:05;00"


def test_what_is_committed_is_found_at_once_and_what_is_removed_is_gone(tmp_path: Path) -> None:
    library = TextLibrary(tmp_path)
    library.add("One", ["a boat at sea"])
    assert library.publish() == 1
    assert library.texts("boat") == ["a boat at sea"]
    two = library.add("Two", ["a boat on a river"])
    assert sorted(library.texts("boat")) == ["a boat at sea", "a boat on a river"]
    library.publish()
    with library.database.write() as tx:
        videos.remove(tx, two)
    assert library.texts("boat") == ["a boat at sea"]
    assert library.publish() == 1
    assert library.publish() == 0, "nothing changed, nothing is written"


@pytest.mark.parametrize("harm", ["overwrite", "truncate", "delete"])
def test_a_harmed_index_file_is_never_believed(tmp_path: Path, harm: str) -> None:
    library = TextLibrary(tmp_path)
    library.add("One", ["a boat at sea", "a train in a station"])
    library.publish()
    (file,) = library.folder.indexes.glob("*.index")
    content = bytearray(file.read_bytes())
    if harm == "delete":
        file.unlink()
    else:
        file.write_bytes(content[:-9] if harm == "truncate" else content[:-1] + bytes([content[-1] ^ 255]))
    assert library.texts("train")[0] == "a train in a station"
    assert library.publish() == 1, "the publisher makes it again"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(st.text(max_size=80), st.text(st.sampled_from('abN"-*():^OR AND0\x00łß '), max_size=40)))
def test_no_query_whatever_raises(library: TextLibrary, typed: str) -> None:
    result = library.search(typed)
    assert [hit.score for hit in result.hits] == sorted((hit.score for hit in result.hits), reverse=True)
