"""A library whose keyframes have vectors: asked by pictures, by words, and by its own moments."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer import media
from indexer.domain import Filters, Pixels
from indexer.embedding import ImageEmbedder
from indexer.errors import ComponentError, UsageError
from indexer.search import Searcher
from indexer.store import embeddings, spaces
from indexer.store.spaces import Chosen
from indexer.store.waiting_pictures import unembedded_pictures
from tests.fakes.light_embedder import LightEmbedder
from tests.fakes.small_library import FOOTAGE, SmallLibrary, small_library

LIGHT = LightEmbedder()


def make_light(name: str) -> ImageEmbedder:
    if name != "light":
        raise ComponentError(f"there is no {name}")
    return LIGHT


def put_pictures(library: SmallLibrary) -> None:
    """A vector of every keyframe. Those of each video are the lighter the later they come."""
    for video in library.videos.values():
        with library.database.write() as tx:
            waiting = unembedded_pictures(tx, LIGHT.space, video=video, limit=99)
            files = [(library.folder.root / one.path).read_bytes() for one in waiting]
            vectors = LIGHT.embed_pictures([media.decode_jpeg(file, longest_side=640) for file in files])
            embeddings.put_vectors(tx, LIGHT.space, [(one.row, one.layer) for one in waiting], vectors, kind="keyframe")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallLibrary]:
    made = small_library(tmp_path_factory.mktemp("pictured"))
    with made.database.write() as tx:
        spaces.choose(tx, "pictures", Chosen("light", LIGHT.space), dimension=LIGHT.dimension)
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def searcher(library: SmallLibrary) -> Searcher:
    made = Searcher(library.folder, library.database, lambda: library.embedder, make_light)
    with pytest.raises(UsageError, match="shotlist worker"):
        made.like_picture(grey(0), filters=Filters(), limit=5)
    assert made.why_no_pictures()
    put_pictures(library)
    return made


def grey(lightness: int) -> Pixels:
    return np.full((36, 64, 3), lightness, np.uint8)


def test_a_picture_finds_what_looks_like_it(searcher: Searcher, library: SmallLibrary) -> None:
    assert searcher.why_no_pictures() is None
    result = searcher.like_picture(grey(80), filters=Filters(), limit=9)
    assert result.hits[0].text == FOOTAGE["Harbour"][2]
    (evidence,) = result.hits[0].evidence
    assert (evidence.signal, evidence.rank, evidence.strength) == ("picture", 1, "strong")
    assert result.strength == "strong"
    only = Filters(videos=(library.videos["Station"],))
    assert [hit.text for hit in searcher.like_picture(grey(80), filters=only, limit=1).hits] == [FOOTAGE["Station"][1]]


def test_a_moment_is_compared_by_its_picture_and_its_text(searcher: Searcher) -> None:
    lightest = searcher.like_picture(grey(80), filters=Filters(), limit=1).hits[0]
    hits = searcher.similar(lightest.segment, filters=Filters(), limit=9).hits
    assert lightest.segment not in {hit.segment for hit in hits}
    assert all([one.signal for one in hit.evidence] == ["picture", "meaning"] for hit in hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_words_are_compared_with_pictures_too(searcher: Searcher, library: SmallLibrary) -> None:
    dark, bright = (searcher.search(word, filters=Filters(), limit=9).hits for word in ("dark", "bright"))
    assert dark[0].text in (FOOTAGE["Harbour"][0], FOOTAGE["Station"][0])
    assert bright[0].text == FOOTAGE["Harbour"][2]
    assert "picture" in {one.signal for one in bright[0].evidence}


def test_without_its_image_embedder_words_answer_alone(library: SmallLibrary, tmp_path: Path) -> None:
    made = small_library(tmp_path)
    with made.database.write() as tx:
        spaces.choose(tx, "pictures", Chosen("elsewhere", LIGHT.space), dimension=LIGHT.dimension)
    put_pictures(made)
    searcher = Searcher(made.folder, made.database, lambda: made.embedder, make_light)
    hits = searcher.search("red boat", filters=Filters(), limit=3).hits
    assert hits[0].text == FOOTAGE["Harbour"][0]
    assert "picture" not in {one.signal for hit in hits for one in hit.evidence}
    with pytest.raises(ComponentError, match="elsewhere"):
        searcher.like_picture(grey(0), filters=Filters(), limit=3)
    made.database.close()
