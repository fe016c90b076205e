"""Embedders side by side, on both databases: what is searched stays searched until another one has all of it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer.domain import Keyframe, Recipe, SegmentId, VideoId
from indexer.errors import LibraryError
from indexer.store import (
    Database,
    Transaction,
    embeddings,
    keyframes,
    open_database,
    segments,
    settings,
    spaces,
    upgrade_schema,
    videos,
)
from indexer.store.spaces import Chosen, Sort
from indexer.store.waiting_pictures import unembedded_pictures
from tests.fakes.captioned_library import MEASURED, caption, put_video

OLD, NEW = Chosen("old", "old@1/4"), Chosen("new", "new@1/4")
LOOK = Recipe("look/1")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = (
        f"sqlite:///{tmp_path / 'library.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    )
    upgrade_schema(url)
    opened = open_database(url, purpose="write")
    yield opened
    opened.close()


def unit_rows(count: int) -> np.ndarray:
    return np.tile(np.array([1, 0, 0, 0], np.float32), (count, 1))


def video_of_two(tx: Transaction, name: str) -> VideoId:
    """Two segments, each with a text and a picture."""
    settings.prefer(tx, MEASURED)
    video, cut = put_video(tx, name, seconds=(0, 5, 10))
    caption(tx, MEASURED, {one.id: f"{name} {number}" for number, one in enumerate(cut)})
    segments.put_keyframes(tx, [picture(video, one.id, one.start_us) for one in cut])
    return video


def picture(video: VideoId, segment: SegmentId, t_us: int) -> Keyframe:
    return Keyframe(segment, t_us, LOOK, f"keyframes/{video}/{segment}.jpg")


def embed(tx: Transaction, sort: Sort, space: str, video: VideoId, *, most: int = 100) -> int:
    """Give vectors to what lacks them; how many."""
    embeddings.ensure_space(tx, space, 4)
    if sort == "texts":
        texts = embeddings.unembedded(tx, space, video=video, limit=most)
        embeddings.put_vectors(tx, space, [(one.caption_row, one.layer) for one in texts], unit_rows(len(texts)))
        return len(texts)
    found = unembedded_pictures(tx, space, video=video, limit=most)
    items = [(one.row, one.layer) for one in found]
    embeddings.put_vectors(tx, space, items, unit_rows(len(found)), kind="keyframe")
    return len(found)


@pytest.mark.parametrize("sort", spaces.SORTS)
class TestSideBySide:
    def test_the_first_is_searched_at_once(self, database: Database, sort: Sort) -> None:
        with database.write() as tx:
            assert spaces.in_use(tx, sort) is None
            spaces.choose(tx, sort, OLD, dimension=4)
            assert (spaces.in_use(tx, sort), spaces.coming(tx, sort)) == (OLD, None)

    def test_another_is_searched_when_it_has_all_that_the_one_in_use_has(self, database: Database, sort: Sort) -> None:
        with database.write() as tx:
            video = video_of_two(tx, "pier")
            spaces.choose(tx, sort, OLD, dimension=4)
            assert embed(tx, sort, OLD.space, video) == 2
            spaces.choose(tx, sort, NEW, dimension=4)
            assert (spaces.in_use(tx, sort), spaces.coming(tx, sort)) == (OLD, NEW)
            assert spaces.lacking(tx, sort, NEW.space) == [video]
            assert embed(tx, sort, NEW.space, video, most=1) == 1
            assert spaces.switch_if_complete(tx, sort) is None
            assert [(one.embedder, one.searched, one.embedded, one.of) for one in spaces.coverage(tx)] == [
                ("old", True, 2, 2),
                ("new", False, 1, 2),
            ]
            assert embed(tx, sort, NEW.space, video) == 1
            assert spaces.switch_if_complete(tx, sort) == NEW
            assert (spaces.in_use(tx, sort), spaces.coming(tx, sort)) == (NEW, None)
            assert not spaces.lacks(tx, sort, NEW.space, video)

    def test_what_the_one_in_use_has_not_read_yet_holds_nothing_up(self, database: Database, sort: Sort) -> None:
        with database.write() as tx:
            first = video_of_two(tx, "pier")
            spaces.choose(tx, sort, OLD, dimension=4)
            embed(tx, sort, OLD.space, first)
            spaces.choose(tx, sort, NEW, dimension=4)
            video_of_two(tx, "harbour")  # just came: nobody has its vectors
            embed(tx, sort, NEW.space, first)
            assert spaces.switch_if_complete(tx, sort) == NEW

    def test_going_back_is_quick_and_asking_for_the_one_in_use_calls_the_other_off(
        self, database: Database, sort: Sort
    ) -> None:
        with database.write() as tx:
            video = video_of_two(tx, "pier")
            spaces.choose(tx, sort, OLD, dimension=4)
            embed(tx, sort, OLD.space, video)
            spaces.choose(tx, sort, NEW, dimension=4)
            spaces.choose(tx, sort, OLD, dimension=4)
            assert (spaces.in_use(tx, sort), spaces.coming(tx, sort)) == (OLD, None)
            embed(tx, sort, NEW.space, video)
            spaces.choose(tx, sort, NEW, dimension=4)  # it has everything already
            assert spaces.in_use(tx, sort) == NEW
            spaces.choose(tx, sort, OLD, dimension=4)
            assert spaces.in_use(tx, sort) == OLD

    def test_readers_notice_the_switch(self, database: Database, sort: Sort) -> None:
        with database.write() as tx:
            video = video_of_two(tx, "pier")
            spaces.choose(tx, sort, OLD, dimension=4)
            embed(tx, sort, OLD.space, video)
            spaces.choose(tx, sort, NEW, dimension=4)
            embed(tx, sort, NEW.space, video)
            before = embeddings.change_seq(tx, NEW.space)
            spaces.switch_if_complete(tx, sort)
            assert embeddings.change_seq(tx, NEW.space) > before

    def test_one_space_has_one_dimension(self, database: Database, sort: Sort) -> None:
        with database.write() as tx:
            spaces.choose(tx, sort, OLD, dimension=4)
        with pytest.raises(LibraryError, match="have 4 numbers"), database.write() as tx:
            spaces.choose(tx, sort, OLD, dimension=5)


class TestPictures:
    def test_an_embedder_of_pictures_can_be_given_up(self, database: Database) -> None:
        with database.write() as tx:
            spaces.choose(tx, "pictures", OLD, dimension=4)
            spaces.choose(tx, "texts", NEW, dimension=4)
            spaces.forget(tx, "pictures")
            assert spaces.chosen(tx, "pictures") == []
            assert spaces.chosen(tx, "texts") == [NEW]

    def test_a_picture_that_goes_or_is_taken_anew_buries_its_vector(self, database: Database) -> None:
        with database.write() as tx:
            video = video_of_two(tx, "pier")
            embed(tx, "pictures", OLD.space, video)
            first, second = segments.active(tx, video).segments  # type: ignore[union-attr]
            keyframes.forget_keyframe(tx, f"keyframes/{video}/{first.id}.jpg")
            assert embeddings.layers(tx, OLD.space) == {LOOK: 1}
            assert embed(tx, "pictures", OLD.space, video) == 0
            segments.put_keyframes(tx, [picture(video, second.id, 7_000_000)])
            assert embeddings.layers(tx, OLD.space) == {}
            assert embed(tx, "pictures", OLD.space, video) == 1

    def test_pictures_beyond_those_planned_bury_their_vectors(self, database: Database) -> None:
        with database.write() as tx:
            video = video_of_two(tx, "pier")
            embed(tx, "pictures", OLD.space, video)
            keyframes.plan_keyframes(tx, video, [[0], []])
            assert embeddings.layers(tx, OLD.space) == {LOOK: 1}

    def test_a_video_that_is_removed_takes_the_vectors_of_its_pictures_along(self, database: Database) -> None:
        with database.write() as tx:
            gone, stays = video_of_two(tx, "pier"), video_of_two(tx, "harbour")
            for video in (gone, stays):
                embed(tx, "pictures", OLD.space, video)
            videos.remove(tx, gone)
            assert embeddings.layers(tx, OLD.space) == {LOOK: 2}

    def test_vectors_of_pictures_that_are_gone_are_left_out(self, database: Database) -> None:
        with database.write() as tx:
            video = video_of_two(tx, "pier")
            embeddings.ensure_space(tx, OLD.space, 4)
            waiting = unembedded_pictures(tx, OLD.space, video=video, limit=9)
            keyframes.forget_keyframe(tx, waiting[0].path)
            items = [(one.row, one.layer) for one in waiting]
            embeddings.put_vectors(tx, OLD.space, items, unit_rows(2), kind="keyframe")
            assert embeddings.layers(tx, OLD.space) == {LOOK: 1}

    def test_a_caption_and_a_picture_of_one_row_number_are_two_things(self, database: Database) -> None:
        with database.write() as tx:
            video = video_of_two(tx, "pier")
            embed(tx, "pictures", OLD.space, video)
            embed(tx, "texts", OLD.space, video)
            assert embeddings.layers(tx, OLD.space) == {LOOK: 2, MEASURED: 2}
            row = unembedded_pictures(tx, NEW.space, video=video, limit=1)[0].row
            embeddings.bury_keyframes(tx, [row])
            assert embeddings.layers(tx, OLD.space) == {LOOK: 1, MEASURED: 2}
