"""What the ledger tells of the work is counted alike by SQLite and by PostgreSQL, and counted in sets."""

import base64
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text, update

from indexer.domain import FailureCount, Fingerprint, MediaInfo, Recipe, VideoId
from indexer.ingest.progress import read_figures, work_status
from indexer.store import (
    Database,
    Transaction,
    jobs,
    open_database,
    outcomes,
    progress,
    upgrade_schema,
    videos,
    workers,
)
from indexer.store.jobs import Claim, NewUnit, Verdict
from indexer.store.progress import Amount, Kind, LookedAt
from indexer.store.work_tables import WorkerTable, WorkUnitTable

INFO = MediaInfo("mov", "h264", 0, 640, 360, 0, None, None, None, None, None, None, None, "yuv420p")
MEASURED = Recipe("measured/1")
SECOND = 1_000_000
NAME = os.fsdecode(b"/tapes/caf\xe9.mov")


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
        yield tx


def looking(name: str = NAME, size: int = 100) -> NewUnit:
    raw = base64.b64encode(os.fsencode(name)).decode()
    return NewUnit(f"looking {name}", "looking", 60, payload={"path_bytes": raw}, bytes=size)


def add_video(tx: Transaction, title: str = "Harbour") -> VideoId:
    return videos.add(tx, info=INFO, fingerprint=Fingerprint(len(title), title), title=title, fields={})


def take(tx: Transaction, owner: str = "w", *, captioner: str = "measured") -> Claim:
    claim = jobs.claim(tx, owner, need="cpu", lease_us=60 * SECOND, captioners=[captioner])
    assert claim is not None
    return claim


def end(tx: Transaction, *, result: Mapping[str, Any] | None = None, video: VideoId | None = None) -> Claim:
    """The next unit is done."""
    claim = take(tx)
    jobs.finish(tx, claim, video=video, result=result)
    return claim


def fail(tx: Transaction, reason: str = "crashed", message: str = "it crashed") -> Claim:
    claim = take(tx)
    jobs.give_up(tx, claim, Verdict("failed", reason, message))
    return claim


def alter(tx: Transaction, row: int, **values: object) -> None:
    tx.execute(update(WorkUnitTable).where(WorkUnitTable.row == row).values(**values))


def caption(video: VideoId, number: int, *, file: int | None = None, captioner: str = "measured") -> NewUnit:
    return NewUnit(
        f"captioning {video} {number}",
        "captioning",
        30,
        needs="cpu" if captioner == "measured" else "model",
        captioner=captioner,
        recipe=MEASURED if captioner == "measured" else Recipe(f"vlm/1 {captioner}"),
        video=video,
        file=file,
        media_us=10 * SECOND,
    )


# -- counts ----------------------------------------------------------------------------------------------------------


def test_units_are_counted_by_kind_and_state(tx: Transaction) -> None:
    video = add_video(tx)
    jobs.put(tx, [looking(), *(caption(video, number) for number in range(4))])
    end(tx)
    end(tx)
    fail(tx)
    take(tx)
    away, why = take(tx), "the disk is away"
    jobs.put_off(tx, away, reason="away", message=why, wait_us=60 * SECOND, counts="as nothing")
    kind = Kind("captioning", MEASURED, "cpu", "measured")
    ten = Amount(1, 10 * SECOND)
    assert progress.counts(tx) == {
        (Kind("looking"), "done"): Amount(1, 0, 100, 1),
        (kind, "done"): ten,
        (kind, "failed"): ten,
        (kind, "deferred"): ten,
    }
    (unit,) = progress.held(tx)
    assert (unit.kind, unit.amount, unit.video, unit.worker, unit.overdue) == (kind, ten, video, "w", False)
    assert progress.failures(tx) == [FailureCount("failed", "crashed", 1)]
    (waits,) = progress.put_off(tx)
    assert (waits.reason, waits.units, waits.message, waits.alike) == ("away", 1, "the disk is away", True)


def test_costs_are_those_of_what_was_done_lately(tx: Transaction) -> None:
    video = add_video(tx)
    jobs.put(tx, [caption(video, number) for number in range(3)])
    now = jobs.now_us(tx)
    for cost, ago in ((2, 1), (4, 5), (600, 3600)):
        alter(tx, end(tx).row, cost_us=cost * SECOND, ended_us=now - ago * SECOND, started_us=now - ago * SECOND - 7)
    kind = Kind("captioning", MEASURED, "cpu", "measured")
    measure = progress.measured(tx, since_us=now - 60 * SECOND)[kind]
    assert (measure.amount, measure.cost_us) == (Amount(2, 20 * SECOND), 6 * SECOND)
    assert measure.began_us == now - 5 * SECOND - 7
    assert progress.measured(tx, since_us=now + SECOND) == {}
    newest = progress.latest(tx, kind, limit=1)
    assert newest is not None
    assert newest.cost_us == 2 * SECOND
    assert progress.latest(tx, Kind("keyframes"), limit=1) is None


def test_files_looked_at_tell_how_much_footage_the_rest_may_hold(tx: Transaction) -> None:
    assert progress.looked_at(tx) == LookedAt(0, 0, 0, 0)
    rows = jobs.put(tx, [looking("a", 100), looking("b", 300), looking("c", 600)])
    video = add_video(tx)
    decoding = NewUnit("decoding", "decoding", 20, video=video, file=rows["looking a"], media_us=50)
    old = NewUnit("decoding old", "decoding", 20, file=rows["looking b"], media_us=900)  # b was there before
    jobs.put(tx, [old, decoding])
    alter(tx, jobs.put(tx, [old])["decoding old"], queued_us=5)
    taken = [end(tx) for _ in range(2)]
    assert {claim.stage for claim in taken} == {"looking"}
    for row in (rows["looking a"], rows["looking b"]):
        alter(tx, row, state="done", ended_us=jobs.now_us(tx))
    alter(tx, rows["looking c"], state="waiting", ended_us=None)
    assert progress.looked_at(tx) == LookedAt(2, 400, 1, 50)


def test_footage_counts_as_searchable_when_the_last_unit_of_its_video_is_done(tx: Transaction) -> None:
    video = add_video(tx)
    tx.execute(text("UPDATE video SET duration_us = 77"))
    jobs.put(tx, [caption(video, 1), caption(video, 2), NewUnit("fixity", "fixity", 0, video=video)])
    end(tx)
    assert progress.completed_us(tx, since_us=0) == 0
    end(tx)
    assert progress.completed_us(tx, since_us=0) == 77  # the hash of the file keeps nobody waiting
    assert progress.completed_us(tx, since_us=jobs.now_us(tx) + SECOND) == 0


# -- workers ---------------------------------------------------------------------------------------------------------


def test_workers_are_heard_of_until_they_go(tx: Transaction) -> None:
    workers.seen(tx, "b", lanes=["cpu", "cpu"])
    workers.seen(tx, "a", lanes=["model"], captioners=["some-model"])
    workers.seen(tx, "b", lanes=["cpu"])
    found = workers.living(tx)
    assert [(one.name, one.lanes, one.captioners) for one in found] == [
        ("a", ("model",), ("some-model",)),
        ("b", ("cpu",), ()),
    ]
    workers.gone(tx, "a")
    assert [one.name for one in workers.living(tx)] == ["b"]
    silent = update(WorkerTable).values(seen_us=jobs.now_us(tx) - 2 * workers.LIVES_US)
    tx.execute(silent)
    assert workers.living(tx) == []


# -- outcomes --------------------------------------------------------------------------------------------------------


def test_a_file_is_open_until_all_that_follows_has_ended(tx: Transaction) -> None:
    (row,) = jobs.put(tx, [looking()]).values()
    assert outcomes.file_reports(tx, [row]) == {row: None}
    video = add_video(tx)
    end(tx, video=video, result={"warnings": ["an odd header"]})
    fixity = NewUnit("fixity", "fixity", 0, video=video, file=row)
    jobs.put(tx, [caption(video, 1, file=row), caption(video, 2, file=row), fixity])
    end(tx, result={"warnings": ["dark", "an odd header"]})
    assert outcomes.file_reports(tx, [row]) == {row: None}
    end(tx)
    report = outcomes.file_reports(tx, [row])[row]
    assert report is not None
    assert (report.path, report.state, report.video) == (Path(NAME), "indexed", video)
    assert report.warnings == ("an odd header", "dark")


def test_a_file_fails_with_the_first_of_its_units_that_did(tx: Transaction) -> None:
    (row,) = jobs.put(tx, [looking()]).values()
    video = add_video(tx)
    end(tx, video=video, result={"state": "skipped", "reason": "copy", "message": "a copy"})
    skipped = outcomes.file_reports(tx, [row])[row]
    assert skipped is not None
    assert (skipped.state, skipped.reason, skipped.message) == ("skipped", "copy", "a copy")
    jobs.put(tx, [caption(video, 1, file=row), caption(video, 2, file=row)])
    fail(tx, "hung", "it hung")
    fail(tx, "crashed")
    failed = outcomes.file_reports(tx, [row])[row]
    assert failed is not None
    assert (failed.state, failed.reason, failed.message) == ("failed", "hung", "it hung")
    jobs.retry(tx)
    assert outcomes.file_reports(tx, [row]) == {row: None}


def test_failures_of_an_earlier_time_are_not_those_of_this_one(tx: Transaction) -> None:
    (row,) = jobs.put(tx, [looking()]).values()
    video = add_video(tx)
    end(tx, video=video)
    jobs.put(tx, [caption(video, 1, file=row)])
    alter(tx, fail(tx).row, ended_us=5)
    jobs.put(tx, [looking()])
    end(tx, video=video, result={"state": "skipped", "reason": "unchanged"})
    report = outcomes.file_reports(tx, [row])[row]
    assert report is not None
    assert report.state == "skipped"


def test_what_failed_is_listed_with_names_in_pages(tx: Transaction) -> None:
    video = add_video(tx, "Harbour")
    jobs.put(tx, [looking(), caption(video, 1), caption(video, 2)])
    fail(tx, "empty", "the file is empty")
    first, second = fail(tx, "hung").row, fail(tx, "hung").row
    found = outcomes.failed_units(tx, limit=10)
    assert [one.reason for one in found] == ["empty", "hung", "hung"]
    assert (found[0].path, found[0].title, found[0].video) == (Path(NAME), "caf\ufffd.mov", None)
    assert (found[1].path, found[1].title, found[1].video) == (None, "Harbour", video)
    assert outcomes.failed_units(tx, limit=1, offset=2) == found[2:]
    assert outcomes.failed_rows(tx, video=video) == {first, second}
    assert outcomes.failed_rows(tx, units=[first, 999]) == {first}


# -- many ------------------------------------------------------------------------------------------------------------


def test_many_units_are_asked_for_in_few_statements_and_none_reads_them_all(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'library.db'}"
    upgrade_schema(url)
    database = open_database(url, purpose="write")
    with database.write() as tx:
        video = add_video(tx)
        units = [caption(video, number) for number in range(20_000)]
        rows = list(jobs.put(tx, units).values())
        tx.execute(text("UPDATE work_unit SET state = 'done', ended_us = 5, started_us = 1 WHERE row % 2 = 0"))
        take(tx)
    asked: list[tuple[str, Any]] = []
    with database.read() as tx:
        engine = tx.get_bind()
        event.listen(engine, "before_cursor_execute", lambda _c, _k, sql, values, *_: asked.append((sql, values)))
        assert work_status(tx).waiting == 9_999
        outcomes.file_reports(tx, rows[:50])
        status = [sql for sql, _ in asked]
        plans = [
            (step[3], sql) for sql, values in list(asked)
            for step in tx.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
        ]  # fmt: skip
    database.close()
    assert len(status) < 30
    scans = [(step, sql) for step, sql in plans if step.startswith("SCAN work_unit")]
    assert len(scans) == 1  # the counts, from the index alone
    assert [(step, sql) for step, sql in scans if "COVERING INDEX" not in step] == []


def test_one_snapshot_is_read_whole(tx: Transaction) -> None:
    video = add_video(tx)
    jobs.put(tx, [looking(), caption(video, 1), caption(video, 2, captioner="some-model")])
    figures = read_figures(tx)
    assert sum(figures.of("ready").values(), Amount()).units == 3
    status = work_status(tx)
    assert (status.waiting, status.deferred, status.eta_s) == (3, 3, None)
    assert status.waits_for == ("3 units wait for a worker; start one with: shotlist worker",)
    workers.seen(tx, "w", lanes=["cpu"])
    assert work_status(tx).waits_for == (
        "1 unit waits for a worker that can run some-model; start one where it is installed with: shotlist worker",
    )
