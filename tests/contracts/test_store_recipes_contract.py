"""Recipes of captions on SQLite and on a real PostgreSQL server: beside, switched to, switched back, and how far."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.domain import Recipe, VideoId
from indexer.errors import UsageError
from indexer.store import (
    Database,
    Transaction,
    edits,
    embeddings,
    fulltext,
    jobs,
    open_database,
    recipes,
    settings,
    switching,
    upgrade_schema,
)
from indexer.store.coverage import coming, coverage, find_recipe, lacking
from indexer.store.jobs import NewUnit
from tests.fakes.captioned_library import MEASURED, SECOND, caption, put_video, searched, spans_of, texts_of

OLD, NEW = Recipe("model/1"), Recipe("model/2")
SPACE = "fake/1 d=3"
LEASE = 60 * SECOND


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'library.db'}" if sqlite else str(request.getfixturevalue("postgres_url"))
    upgrade_schema(url)
    database = open_database(url, purpose="write")
    with database.write() as tx:
        recipes.want(tx, MEASURED, captioner="measured")
        settings.prefer(tx, MEASURED, place="last")
        recipes.want(tx, OLD, captioner="old")
        settings.prefer(tx, OLD, place="last")
        settings.put(tx, "captioner", "old")
    yield database
    database.close()


@pytest.fixture
def tx(database: Database) -> Iterator[Transaction]:
    with database.write() as tx:
        yield tx


def film(tx: Transaction, name: str = "film") -> VideoId:
    """Three segments: all with measured texts and old captions, two with new ones of which one is empty."""
    video, made = put_video(tx, name, seconds=[0, 10, 20, 30])
    ids = [one.id for one in made]
    caption(tx, MEASURED, dict(zip(ids, ["measured 0", "measured 1", "measured 2"], strict=True)))
    caption(tx, OLD, dict(zip(ids, ["old 0", "old 1", "old 2"], strict=True)))
    caption(tx, NEW, dict(zip(ids, ["new 0", ""], strict=False)))
    return video


def unit(video: VideoId, recipe: Recipe, *, stage: str = "captioning", key: str = "") -> NewUnit:
    return NewUnit(
        key=f"{stage} {video} {recipe} {key}",
        stage=stage,  # type: ignore[arg-type]
        weight=1,
        recipe=recipe,
        video=video,
        media_us=30 * SECOND,
    )


class TestOrderOfSearch:
    def test_measured_comes_last_however_they_are_entered(self, tx: Transaction) -> None:
        assert settings.preference(tx) == [OLD, MEASURED]
        settings.prefer(tx, NEW, place="last")
        assert settings.preference(tx) == [OLD, NEW, MEASURED]
        settings.prefer(tx, Recipe("measured/2"), place="last")
        assert settings.preference(tx) == [OLD, NEW, MEASURED, "measured/2"]

    def test_what_is_wanted_is_computed_beside(self, tx: Transaction) -> None:
        video = film(tx)
        recipes.want(tx, NEW, captioner="new")
        assert recipes.wanted(tx) == [(MEASURED, "measured"), (OLD, "old"), (NEW, "new")]
        assert searched(tx, video) == ["old 0", "old 1", "old 2"]
        recipes.unwant(tx, NEW)
        assert NEW not in [recipe for recipe, _ in recipes.wanted(tx)]


class TestSwitching:
    def test_there_and_back(self, tx: Transaction) -> None:
        video = film(tx)
        recipes.want(tx, NEW, captioner="new")
        switching.switch_to(tx, NEW)
        assert searched(tx, video) == ["new 0", "old 1", "old 2"], "what it lacks falls back"
        assert settings.get(tx, "captioner") == "new"
        assert [name for _, name in recipes.wanted(tx)] == ["measured", "new"]
        assert [row for row, _ in fulltext.match_segments(tx, ["new"], limit=9, allowed=None)] != []
        switching.switch_to(tx, OLD)
        assert searched(tx, video) == ["old 0", "old 1", "old 2"]
        assert settings.get(tx, "captioner") == "old"
        assert [name for _, name in recipes.wanted(tx)] == ["measured", "old"]
        assert settings.preference(tx) == [OLD, NEW, MEASURED]

    def test_many_texts_are_found_as_few_are(self, tx: Transaction) -> None:
        """Beyond some hundred texts full text is built anew instead of row by row: names and spellings stay known."""
        video, made = put_video(tx, "harbour", seconds=list(range(0, 7001, 10)))
        caption(tx, OLD, {one.id: f"boat number{place} sails" for place, one in enumerate(made)})
        caption(tx, NEW, {one.id: f"ship number{place} rests" for place, one in enumerate(made)})
        edits.write_text(tx, made[5].id, "by hand", author="Ada")
        switching.switch_to(tx, NEW)
        assert fulltext.document_frequencies(tx, ["ship", "boat", "hand"], of="segments") == {"ship": 699, "hand": 1}
        assert fulltext.known_words(tx, ["ship", "boat", "harbour", "rests"]) == {
            "ship": 699,
            "harbour": 1,
            "rests": 699,
        }
        rows = [row for row, _ in fulltext.match_segments(tx, ["number7"], limit=9, allowed=None)]
        assert texts_of(tx, rows) == ["ship number7 rests"]
        caption(tx, NEW, {})
        edits.reject(tx, made[7].id, author="Ada")  # the triggers work again
        assert fulltext.document_frequencies(tx, ["ship", "boat"], of="segments") == {"ship": 698, "boat": 1}
        assert len(searched(tx, video)) == 700

    def test_readers_are_told_by_the_change_number(self, tx: Transaction) -> None:
        video, made = put_video(tx, "film", seconds=[0, 10, 20])
        caption(tx, OLD, {made[0].id: "old"})
        embeddings.ensure_space(tx, SPACE, 3)
        (waiting,) = embeddings.unembedded(tx, SPACE, video=video, limit=9)
        seen = [
            embeddings.put_vectors(tx, SPACE, [(waiting.caption_row, waiting.layer)], np.eye(3, dtype=np.float32)[:1])
        ]
        edits.reject(tx, made[0].id, author="Ada")
        seen.append(embeddings.change_seq(tx, SPACE))
        edits.undo(tx, made[0].id, author="Ada")
        seen.append(embeddings.change_seq(tx, SPACE))
        caption(tx, NEW, {made[0].id: "new"})
        switching.switch_to(tx, NEW)
        seen.append(embeddings.change_seq(tx, SPACE))
        assert seen == sorted(set(seen))
        caption(tx, NEW, {made[1].id: "another"})
        assert embeddings.change_seq(tx, SPACE) == seen[-1], "it has no vector, and took no other's place"

    def test_a_recipe_that_wrote_nothing_cannot_be_used(self, tx: Transaction) -> None:
        with pytest.raises(UsageError, match="no captions by 'nobody/1'"):
            switching.switch_to(tx, Recipe("nobody/1"))


class TestCoverage:
    def test_how_far_each_recipe_is(self, tx: Transaction) -> None:
        video = film(tx)
        recipes.want(tx, NEW, captioner="new")
        put = jobs.put(tx, [unit(video, NEW, key="1"), unit(video, NEW, key="2")])
        claim = jobs.claim(tx, "w", need="cpu", lease_us=LEASE)
        assert claim is not None
        jobs.finish(tx, claim)
        old, measured, new = coverage(tx)
        assert (old.recipe, old.place, old.videos, old.share, old.wanted) == (OLD, 1, 1, 1.0, True)
        assert (measured.recipe, measured.place, measured.eta_us) == (MEASURED, 2, None)
        assert (new.recipe, new.captioner, new.place, new.wanted, new.coming) == (NEW, "new", None, True, False)
        assert (new.segments, new.empty, new.of_segments, new.videos, new.of_videos) == (2, 1, 3, 0, 1)
        assert (new.open_units, new.failed_units, new.media_us) == (1, 0, 30 * SECOND)
        assert new.open_media_us == 30 * SECOND
        assert new.eta_us == new.cost_us
        assert lacking(tx, NEW) == [video]
        assert lacking(tx, OLD) == []
        assert len(put) == 2

    def test_a_recipe_is_found_by_number_name_or_captioner(self, tx: Transaction) -> None:
        film(tx)
        recipes.want(tx, NEW, captioner="new")
        number = next(one.number for one in coverage(tx) if one.recipe == NEW)
        assert {find_recipe(tx, name) for name in (str(number), "model/2", "new")} == {NEW}
        recipes.want(tx, Recipe("model/3"), captioner="new")
        with pytest.raises(UsageError, match="give the number"):
            find_recipe(tx, "new")
        with pytest.raises(UsageError, match="shotlist recipes"):
            find_recipe(tx, "human")


class TestVectorsOfWhatComes:
    def test_a_recipe_has_its_vectors_before_it_is_searched(self, tx: Transaction) -> None:
        video = film(tx)
        embeddings.ensure_space(tx, SPACE, 3)
        first, second, _ = spans_of(0, 10, 20, 30)

        def waiting(part: embeddings.Part | None) -> list[str]:
            return [one.text for one in embeddings.unembedded(tx, SPACE, video=video, limit=9, part=part)]

        assert waiting(None) == ["old 0", "old 1", "old 2"]
        assert waiting(embeddings.Part(first, NEW)) == ["old 0", "new 0"]
        assert waiting(embeddings.Part(second, NEW)) == ["old 1"], "an empty text gets no vector"
        assert waiting(embeddings.Part(second)) == ["old 1"]


class TestTheSwitchThatIsComing:
    def test_it_waits_for_all_that_is_open(self, tx: Transaction) -> None:
        video = film(tx)
        recipes.want(tx, NEW, captioner="new")
        assert not switching.switch_if_complete(tx, NEW), "nobody asked for it"
        switching.switch_when_complete(tx, NEW)
        others = replace(unit(video, OLD), weight=0)
        jobs.put(tx, [unit(video, NEW), unit(video, NEW, stage="embedding"), others])
        assert not switching.switch_if_complete(tx, NEW)
        answers = []
        for _ in range(2):
            assert next(one for one in coverage(tx) if one.recipe == NEW).coming
            claim = jobs.claim(tx, "w", need="cpu", lease_us=LEASE)
            assert claim is not None
            answers.append(switching.switch_if_complete(tx, NEW, but=claim))
            jobs.finish(tx, claim)
        assert answers == [False, True], "those of another recipe hold nothing up"
        assert settings.preference(tx)[0] == NEW
        assert coming(tx) is None

    def test_what_failed_does_not_hold_it_up(self, tx: Transaction) -> None:
        video = film(tx)
        recipes.want(tx, NEW, captioner="new")
        switching.switch_when_complete(tx, NEW)
        jobs.put(tx, [unit(video, NEW)])
        claim = jobs.claim(tx, "w", need="cpu", lease_us=LEASE)
        assert claim is not None
        jobs.give_up(tx, claim, jobs.Verdict("failed", "crashed", "it crashed"))
        assert switching.switch_if_complete(tx, NEW)
        assert searched(tx, video) == ["new 0", "old 1", "old 2"]
        assert coverage(tx)[0].failed_units == 1

    def test_a_recipe_of_which_nothing_came_is_not_switched_to(self, tx: Transaction) -> None:
        film(tx)
        nothing = Recipe("silent/1")
        recipes.want(tx, nothing, captioner="silent")
        switching.switch_when_complete(tx, nothing)
        assert not switching.switch_if_complete(tx, nothing)
        assert settings.preference(tx)[0] == OLD

    def test_of_two_units_that_end_at_once_one_switches(self, database: Database) -> None:
        with database.write() as tx:
            video = film(tx)
            recipes.want(tx, NEW, captioner="new")
            switching.switch_when_complete(tx, NEW)
            jobs.put(tx, [unit(video, NEW, key=str(number)) for number in range(2)])
        claims = []
        for name in ("one", "two"):
            with database.write() as tx:
                claims.append(jobs.claim(tx, name, need="cpu", lease_us=LEASE))
        together = threading.Barrier(2)

        def end(claim: jobs.Claim) -> None:
            together.wait()
            with database.write() as tx:
                jobs.hold(tx, claim, lease_us=LEASE)
                switching.switch_if_complete(tx, NEW, but=claim)
                jobs.finish(tx, claim)

        threads = [threading.Thread(target=end, args=(claim,)) for claim in claims if claim is not None]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with database.read() as tx:
            assert settings.preference(tx)[0] == NEW
            assert searched(tx, video) == ["new 0", "old 1", "old 2"]

    def test_captions_written_during_the_switch_are_chosen_by_the_new_order(self, database: Database) -> None:
        with database.write() as tx:
            film(tx)
            video, made = put_video(tx, "late", seconds=[0, 10])
            caption(tx, OLD, {made[0].id: "old late"})
        together = threading.Barrier(2)

        def write() -> None:
            together.wait()
            with database.write() as tx:
                caption(tx, NEW, {made[0].id: "new late"})

        def switch() -> None:
            together.wait()
            with database.write() as tx:
                switching.switch_to(tx, NEW)

        threads = [threading.Thread(target=act) for act in (write, switch)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with database.read() as tx:
            assert searched(tx, video) == ["new late"]
