"""Edit, reject, undo, switch and switch back through the front door, over texts of two versions of a captioner."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer.captioning import Clip
from indexer.domain import Frame, SegmentId
from indexer.library import Library
from indexer.library_folder import LibraryFolder
from indexer.store import open_database, settings, upgrade_schema
from indexer.timecode import TimeRange
from tests.fakes.captioned_library import SECOND, Vectors, caption, put_video
from tests.fakes.captioners import FakeCaptioner
from tests.fakes.embedders import HashEmbedder

FIRST, SECOND_VERSION = FakeCaptioner(1), FakeCaptioner(2)
BRIGHTNESS = (10, 100, 200, 30)
EMBEDDER = HashEmbedder()


def texts(captioner: FakeCaptioner, segments: list[SegmentId]) -> dict[SegmentId, str]:
    clips = [
        Clip(TimeRange(0, SECOND), (Frame(0, SECOND, np.full((4, 4, 3), level, np.uint8)),)) for level in BRIGHTNESS
    ]
    return {one: draft.text for one, draft in zip(segments, captioner.captions(clips), strict=True)}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Library]:
    folder = LibraryFolder(tmp_path)
    folder.create()
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{folder.database_file}" if sqlite else str(request.getfixturevalue("postgres_url"))
    upgrade_schema(url)
    database = open_database(url, purpose="write")
    with database.write() as tx:
        settings.prefer(tx, FIRST.recipe)
        video, made = put_video(tx, "film", seconds=[0, 10, 20, 30, 40])
        segments = [one.id for one in made]
        for captioner in (FIRST, SECOND_VERSION):
            caption(tx, captioner.recipe, texts(captioner, segments))
    Vectors(database, EMBEDDER).put(video, SECOND_VERSION.recipe, TimeRange(0, 40 * SECOND))
    yield Library(folder, open_database(url, purpose="read"), lambda: EMBEDDER, lambda: database)
    database.close()


def shown(library: Library) -> list[str]:
    (video,) = library.videos()
    return [detail.active.text if detail.active else "" for detail in library.segments(video.id)]


def first_hit(library: Library, query: str) -> str:
    hits = library.search(query, limit=1).hits
    return hits[0].text if hits else ""


def test_from_edit_to_switch_and_back(library: Library) -> None:
    (video,) = library.videos()
    segments = [detail.segment.id for detail in library.segments(video.id)]
    old, new = ([*texts(captioner, segments).values()] for captioner in (FIRST, SECOND_VERSION))
    assert shown(library) == old

    library.texts.edit(segments[0], "A heron waits\nin the reeds.", author="Ada")
    assert shown(library) == ["A heron waits in the reeds.", *old[1:]]
    hit = library.search("heron reeds").hits[0]
    assert (hit.text, hit.recipe) == ("A heron waits in the reeds.", "human")
    assert {one.signal for one in hit.evidence} >= {"words", "meaning"}, "it has its vector already"

    library.texts.reject(segments[1], author="Ben")
    assert old[1] not in [hit.text for hit in library.search(old[1]).hits]

    before, beside = library.texts.recipes()
    assert (before.place, beside.place, beside.share) == (1, None, 1.0)
    assert library.texts.use_recipe(str(beside.number)).place == 1
    assert shown(library) == ["A heron waits in the reeds.", *new[1:]]
    assert first_hit(library, new[2]) == new[2]
    assert first_hit(library, "heron reeds") == "A heron waits in the reeds."

    library.texts.use_recipe(FIRST.recipe)
    assert shown(library) == ["A heron waits in the reeds.", new[1], *old[2:]], "what was rejected stays so"

    assert library.texts.undo(segments[1], author="Ben").text == old[1]
    assert library.texts.undo(segments[0], author="Ben").text == "A heron waits in the reeds."
    assert shown(library) == old
    assert first_hit(library, old[1]) == old[1]
    assert [(one.action, one.author, one.undone_by) for one in library.texts.history(segments[0])] == [
        ("write", "Ada", "Ben")
    ]
