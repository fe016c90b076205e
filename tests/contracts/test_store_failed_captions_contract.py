"""Answers that are no captions, and the servers footage may go to, on SQLite and on a real PostgreSQL server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.domain import Caption, Recipe, TokenCost, VideoId
from indexer.store import Database, Transaction, open_database, recipes, segments, settings, upgrade_schema, videos
from indexer.store.coverage import coverage
from indexer.store.failed_captions import forget_failed_captions
from indexer.store.permissions import permit_server, permitted_servers
from tests.fakes.captioned_library import MEASURED, caption, put_video, searched

MODEL, OTHER = Recipe("model/1"), Recipe("other/1")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'library.db'}" if sqlite else str(request.getfixturevalue("postgres_url"))
    upgrade_schema(url)
    database = open_database(url, purpose="write")
    yield database
    database.close()


@pytest.fixture
def tx(database: Database) -> Iterator[Transaction]:
    with database.write() as tx:
        recipes.want(tx, MODEL, captioner="model")
        settings.prefer(tx, MODEL)
        yield tx


def film(tx: Transaction, name: str = "film") -> VideoId:
    """Three segments: captioned, refused, nothing to say; and measured ones of all."""
    video, made = put_video(tx, name, seconds=[0, 10, 20, 30])
    caption(tx, MEASURED, {one.id: f"measured {n}" for n, one in enumerate(made)})
    settings.prefer(tx, MEASURED, place="last")
    first, second, third = (one.id for one in made)
    written = [
        Caption(first, "a boat", MODEL, cost=TokenCost(900, 40)),
        Caption(second, "", MODEL, problem="refusal", cost=TokenCost(900, 7)),
        Caption(third, "", MODEL),
    ]
    segments.put_captions(tx, written, {})
    videos.finish(tx, video)
    return video


def test_a_failed_segment_is_searched_by_another_text(tx: Transaction) -> None:
    assert searched(tx, film(tx)) == ["a boat", "measured 1", "measured 2"]


def test_why_and_at_what_cost_is_kept(tx: Transaction) -> None:
    video = film(tx)
    own = [one for detail in segments.details(tx, video) for one in detail.captions if one.recipe == MODEL]
    assert [one.problem for one in own] == [None, "refusal", None]
    assert [one.cost for one in own] == [TokenCost(900, 40), TokenCost(900, 7), None]
    told = next(one for one in coverage(tx) if one.recipe == MODEL)
    assert (told.segments, told.empty, told.failed) == (3, 2, 1)
    assert (told.tokens_read, told.tokens_written) == (1800, 47)


def test_what_failed_is_captioned_anew_only_when_asked(tx: Transaction) -> None:
    video = film(tx)
    assert segments.uncaptioned(tx, video, MODEL) == []
    assert forget_failed_captions(tx) == {video: 1}
    assert [one.start_us for one in segments.uncaptioned(tx, video, MODEL)] == [10_000_000]
    assert forget_failed_captions(tx) == {}


def test_it_keeps_to_a_video_and_a_recipe(tx: Transaction) -> None:
    one, other = film(tx, "one"), film(tx, "other")
    assert forget_failed_captions(tx, recipe=OTHER) == {}
    assert forget_failed_captions(tx, video=one, recipe=MODEL) == {one: 1}
    assert segments.uncaptioned(tx, other, MODEL) == []


def test_captions_that_nobody_asks_for_any_more_stay(tx: Transaction) -> None:
    film(tx)
    recipes.unwant(tx, MODEL)
    assert forget_failed_captions(tx) == {}


def test_a_server_is_permitted_once_and_for_all(tx: Transaction) -> None:
    assert permitted_servers(tx) == frozenset()
    permit_server(tx, "https://captions.example:443")
    permit_server(tx, "http://10.0.0.7:8000")
    permit_server(tx, "http://10.0.0.7:8000")
    assert permitted_servers(tx) == {"https://captions.example:443", "http://10.0.0.7:8000"}
