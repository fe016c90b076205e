"""Two complete layers of vectors in one library: only what is searched counts, and of that nothing is missed."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.domain import Filters, Recipe, VideoId
from indexer.ingest import Publisher
from indexer.ingest.embed import embed_new_captions
from indexer.library_folder import LibraryFolder
from indexer.search import Searcher, followed
from indexer.search.nearest import NearestCaptions
from indexer.store import Database, edits, embeddings, hits, open_database, segments, settings, switching
from indexer.timecode import TimeRange
from tests.fakes.captioned_library import SECOND, Vectors, caption, put_video
from tests.fakes.embedders import HashEmbedder

Similarities = NDArray[np.float32]
OLD, NEW = Recipe("model/1"), Recipe("model/2")
MOMENTS = 60
EMBEDDER = HashEmbedder()
K = 7


class TwoLayers:
    """Every segment has a caption by each of two recipes, and a vector of each; the old ones are searched."""

    def __init__(self, root: Path) -> None:
        self.folder = LibraryFolder(root)
        self.folder.create()
        self.database: Database = open_database(f"sqlite:///{self.folder.database_file}", purpose="write")
        self.nearest = NearestCaptions(self.folder)
        self.searcher = Searcher(self.folder, self.database, lambda: EMBEDDER)
        with self.database.write() as tx:
            settings.prefer(tx, OLD)
            self.video, made = put_video(tx, "film", seconds=range(0, 10 * MOMENTS + 1, 10))
            self.segments = [one.id for one in made]
            caption(tx, OLD, {one: f"boat {number} leaves" for number, one in enumerate(self.segments)})
            caption(tx, NEW, {one: f"ship {number} rests" for number, one in enumerate(self.segments)})
        Vectors(self.database, EMBEDDER).put(self.video, NEW, TimeRange(0, 10 * MOMENTS * SECOND))

    def use(self, recipe: Recipe) -> None:
        with self.database.write() as tx:
            switching.switch_to(tx, recipe)

    def found(self, query: str, k: int = K) -> list[str]:
        """The nearest texts, as a search compares vectors."""
        with self.database.read() as tx:
            (vector,) = EMBEDDER.embed_queries([query])
            near = self.nearest.find(tx, EMBEDDER.space, query=vector, k=k)
            live = embeddings.resolve(tx, list(near))
            assert len(live) == len(near), "nothing is found that is not searched"
            loaded = hits.load_hits(tx, [one.segment_row for one in live])
        return [loaded[one.segment_row].text for one in live]

    def expected(self, query: str, k: int = K) -> list[str]:
        """The same, one by one."""
        with self.database.read() as tx:
            texts = [one.active.text for one in segments.details(tx, self.video) if one.active]
        cosines = EMBEDDER.embed_captions(texts) @ EMBEDDER.embed_queries([query])[0]
        return sorted(texts, key=lambda text: -cosines[texts.index(text)])[:k]

    def is_exact(self, query: str, k: int = K) -> bool:
        """Whether as many are found as there are, none of them farther than the one in its place among all."""
        found, expected = self.found(query, k), self.expected(query, k)
        return len(found) == len(expected) and np.allclose(cosines(query, found), cosines(query, expected), atol=2e-3)


def cosines(query: str, texts: Sequence[str]) -> Similarities:
    found: Similarities = EMBEDDER.embed_captions(texts) @ EMBEDDER.embed_queries([query])[0]
    return found


@pytest.fixture(params=["published", "not published"])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TwoLayers]:
    made = TwoLayers(tmp_path)
    if request.param == "published":
        assert Publisher(made.folder, made.database).publish(EMBEDDER.space) == 2
    yield made
    made.database.close()


@pytest.fixture(params=[followed.MOST_HIDDEN, 3], ids=["hidden", "named"])
def most_hidden(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Both ways in which texts that are not searched are kept away."""
    monkeypatch.setattr(followed, "MOST_HIDDEN", request.param)
    return int(request.param)


@pytest.mark.parametrize("query", ["boat 7 leaves", "ship 7 rests", "leaves rests"])
def test_a_search_fills_up_from_the_layer_that_is_searched(library: TwoLayers, query: str) -> None:
    assert library.is_exact(query)
    library.use(NEW)
    assert library.is_exact(query)
    assert all(text.startswith("ship") for text in library.found(query))
    library.use(OLD)
    assert library.is_exact(query)
    assert all(text.startswith("boat") for text in library.found(query))


def test_half_a_layer_is_searched_beside_the_other_half(library: TwoLayers, most_hidden: int) -> None:
    with library.database.write() as tx:
        for one in library.segments[: MOMENTS // 2]:
            edits.reject(tx, one, author="Ada")
        settings.prefer(tx, NEW, place="last")
    assert {text.split()[0] for text in library.found("boat ship 3 leaves rests", 60)} == {"boat", "ship"}
    assert library.is_exact("boat leaves", 40)
    assert library.is_exact("ship 3 rests", 40)
    assert library.is_exact("ship 3 rests", 60)


def test_what_is_rejected_is_gone_at_once_and_back_after_undo(library: TwoLayers, most_hidden: int) -> None:
    query = "boat 7 leaves"
    assert library.found(query)[0] == query
    with library.database.write() as tx:
        edits.reject(tx, library.segments[7], author="Ada")
    assert query not in library.found(query, 60)
    assert query not in [hit.text for hit in library.searcher.search(query, filters=Filters(), limit=60).hits]
    assert library.is_exact(query)
    with library.database.write() as tx:
        edits.undo(tx, library.segments[7], author="Ada")
    assert library.found(query)[0] == query
    assert library.searcher.search(query, filters=Filters(), limit=5).hits[0].text == query


def test_an_edit_is_found_by_its_meaning_and_what_it_replaced_is_not(library: TwoLayers) -> None:
    with library.database.write() as tx:
        edits.write_text(tx, library.segments[7], "a heron at dusk", author="Ada")
    embed_new_captions(library.database, EMBEDDER, video=VideoId(library.video))
    assert library.found("heron dusk")[0] == "a heron at dusk"
    assert "boat 7 leaves" not in library.found("boat 7 leaves", 60)
    library.use(NEW)
    assert library.found("heron dusk")[0] == "a heron at dusk"
    assert library.is_exact("heron ship")
