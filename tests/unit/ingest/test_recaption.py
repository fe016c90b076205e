"""Another captioner for a library: what is queued, what is not, and when the library is switched."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.domain import VideoId
from indexer.errors import UsageError
from indexer.ingest.recaption import catch_up, recaption, switch_if_complete
from indexer.store import Database, Transaction, jobs, open_database, recipes, segments, settings, videos
from indexer.store.coverage import coverage
from tests.fakes.captioned_library import caption, put_video, searched
from tests.fakes.captioners import FakeCaptioner

OLD, NEW = FakeCaptioner(1), FakeCaptioner(2)
LEASE = 60_000_000


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path / 'library.db'}", purpose="write")
    with database.write() as tx:
        recipes.want(tx, OLD.recipe, captioner="old")
        settings.prefer(tx, OLD.recipe)
        for name in ("one", "two"):
            _, made = put_video(tx, name, seconds=[0, 10, 20])
            caption(tx, OLD.recipe, {one.id: f"old {name}" for one in made})
    yield database
    database.close()


def videos_of(tx: Transaction) -> list[VideoId]:
    return [video.id for video in videos.load(tx)]


def write_next(database: Database) -> VideoId:
    """Do what the next captioning unit asks for, and end it as the step that embeds does."""
    with database.write() as tx:
        claim = jobs.claim(tx, "w", need="model", captioners=["new"], lease_us=LEASE)
        while claim is not None and claim.stage != "captioning":
            jobs.finish(tx, claim)
            claim = jobs.claim(tx, "w", need="model", captioners=["new"], lease_us=LEASE)
        assert claim is not None
        assert claim.video is not None
        lacking = segments.uncaptioned(tx, claim.video, NEW.recipe)
        caption(tx, NEW.recipe, {one.id: f"new {one.start_us}" for one in lacking})
        switch_if_complete(tx, NEW.recipe, but=claim)
        jobs.finish(tx, claim)
    return claim.video


def first_searched(database: Database) -> str:
    with database.read() as tx:
        return settings.preference(tx)[0]


def test_all_is_captioned_beside_and_then_switched_to(database: Database) -> None:
    asked = recaption(database, NEW, "new")
    assert (asked.videos, asked.units, asked.switches, asked.is_searched) == (2, 2, True, False)
    assert recaption(database, NEW, "new").units == 2, "the same two"
    first = write_next(database)
    assert first_searched(database) == OLD.recipe
    with database.read() as tx:
        assert searched(tx, first)[0].startswith("old")
    assert write_next(database) != first
    assert first_searched(database) == NEW.recipe
    with database.read() as tx:
        assert settings.get(tx, "captioner") == "new"
        assert searched(tx, first) == ["new 0", "new 10000000"]
        assert recipes.wanted(tx) == [(NEW.recipe, "new")]
    again = recaption(database, NEW, "new")
    assert (again.units, again.is_complete, again.is_searched) == (0, True, True)


def test_some_videos_are_captioned_and_nothing_is_switched(database: Database) -> None:
    with database.read() as tx:
        one, two = videos_of(tx)
    asked = recaption(database, NEW, "new", videos=[two])
    assert (asked.videos, asked.units, asked.switches) == (1, 1, False)
    assert write_next(database) == two
    assert first_searched(database) == OLD.recipe
    with database.read() as tx:
        beside = coverage(tx)[-1]
        assert (beside.videos, beside.place, beside.wanted, beside.captioner) == (1, None, False, "new")
        assert segments.uncaptioned(tx, one, NEW.recipe) != []
    assert recaption(database, NEW, "new", videos=[two]).is_complete
    with pytest.raises(UsageError, match="no video 'v0'"):
        recaption(database, NEW, "new", videos=[VideoId("v0")])


def test_when_the_last_unit_failed_it_is_switched_all_the_same(database: Database) -> None:
    recaption(database, NEW, "new")
    write_next(database)
    assert catch_up(database) == 0
    assert first_searched(database) == OLD.recipe
    with database.write() as tx:
        claim = jobs.claim(tx, "w", need="model", captioners=["new"], lease_us=LEASE)
        assert claim is not None
        jobs.give_up(tx, claim, jobs.Verdict("failed", "crashed", "it crashed"))
    assert catch_up(database) == 0
    assert first_searched(database) == NEW.recipe


def test_what_nobody_asked_for_is_asked_for_and_holds_the_switch_up(database: Database) -> None:
    """As when `recaption` is killed before it is through, or a video was cut while it began."""
    recaption(database, NEW, "new")
    write_next(database)
    with database.write() as tx:
        claim = jobs.claim(tx, "w", need="model", captioners=["new"], lease_us=LEASE)
        assert claim is not None
        jobs.drop(tx, claim)
        assert not switch_if_complete(tx, NEW.recipe)
    assert catch_up(database) > 0
    assert catch_up(database) == 0
    write_next(database)
    assert first_searched(database) == NEW.recipe


def test_what_is_complete_is_not_asked_for_again(database: Database) -> None:
    with database.write() as tx:
        for video in videos_of(tx):
            caption(tx, NEW.recipe, {one.id: "new" for one in segments.uncaptioned(tx, video, NEW.recipe)})
    asked = recaption(database, NEW, "new")
    assert (asked.is_complete, asked.is_searched, asked.switches, asked.units) == (True, False, False, 0)
    assert first_searched(database) == OLD.recipe
    with database.read() as tx:
        assert recipes.wanted(tx) == [(OLD.recipe, "old")]
