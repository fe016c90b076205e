"""A reader that follows an ingest commit by commit sees what one sees that comes new, and reads only what is new."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer.ingest import Publisher
from indexer.search import nearest
from indexer.search.nearest import NearestCaptions
from indexer.store import embeddings, videos
from tests.fakes.small_library import SmallLibrary, small_library

SPACE = "hash/64"
QUERY = np.full(64, 1 / 8, np.float32)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    made = small_library(tmp_path)
    yield made
    made.database.close()


def found(library: SmallLibrary, reader: NearestCaptions) -> dict[int, float]:
    with library.database.read() as tx:
        return reader.find(tx, SPACE, query=QUERY, k=1000)


def agrees(library: SmallLibrary, reader: NearestCaptions) -> bool:
    """Whether a reader finds what one finds that has seen nothing before."""
    seen, fresh = found(library, reader), found(library, NearestCaptions(library.folder))
    return seen.keys() == fresh.keys() and np.allclose([seen[row] for row in fresh], list(fresh.values()), atol=1e-3)


def test_every_commit_is_seen_as_it_comes(library: SmallLibrary) -> None:
    reader = NearestCaptions(library.folder)
    before = len(found(library, reader))
    for number in range(12):
        library.add(f"Film {number}", tuple(f"boat {number} {place}" for place in range(number % 3 + 1)))
        assert agrees(library, reader)
        if number == 6:
            Publisher(library.folder, library.database).publish(SPACE)
            assert agrees(library, reader)
    assert len(found(library, reader)) == before + sum(number % 3 + 1 for number in range(12))


def test_what_is_removed_is_gone_at_once(library: SmallLibrary) -> None:
    reader = NearestCaptions(library.folder)
    library.add("Film", ("one boat", "two boats"))
    Publisher(library.folder, library.database).publish(SPACE)
    before = found(library, reader)
    with library.database.write() as tx:
        videos.remove(tx, videos.load(tx)[0].id)
    assert len(found(library, reader)) < len(before)
    assert agrees(library, reader)


def test_what_was_read_is_not_read_again(library: SmallLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = NearestCaptions(library.folder)
    found(library, reader)

    def recount(*_: object) -> None:
        raise AssertionError("everything is counted again")

    monkeypatch.setattr(embeddings, "layers_in_use", recount)
    before = found(library, reader)
    library.add("Film", ("one boat", "two boats"))
    assert len(found(library, reader)) == len(before) + 2


def test_a_database_that_was_put_back_is_read_anew(library: SmallLibrary) -> None:
    reader = NearestCaptions(library.folder)
    library.add("Film", ("one boat",))
    found(library, reader)
    held = reader._spaces[SPACE]
    reader._spaces[SPACE] = nearest._Space(held.seq + 7, held.generations, held.layers)
    assert agrees(library, reader)
    assert reader._spaces[SPACE].seq == held.seq
