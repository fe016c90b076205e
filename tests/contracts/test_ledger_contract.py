"""The ledger's promises, on both databases: every unit is done once, whoever dies, sleeps or is asked to stop."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from indexer.domain import Fingerprint, MediaInfo, VideoId
from indexer.store import Database, Transaction, jobs, open_database, settings, upgrade_schema, videos
from indexer.store.jobs import Claim, LostLease, NewUnit, Verdict

LEASE_US = 60_000_000
NOTHING_US = -1  # a lease that is over before it begins
INFO = MediaInfo("mov", "h264", 0, 640, 360, 0, None, None, None, None, None, None, None, "yuv420p")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'library.db'}" if sqlite else str(request.getfixturevalue("postgres_url"))
    upgrade_schema(url)
    database = open_database(url, purpose="write")
    yield database
    database.close()


def unit(key: str, **about: object) -> NewUnit:
    return replace(NewUnit(key, "decoding", 20), **about)  # type: ignore[arg-type]


def put(database: Database, *units: NewUnit) -> dict[str, int]:
    with database.write() as tx:
        return jobs.put(tx, units)


def claim(database: Database, owner: str = "a", *, lease_us: int = LEASE_US, max_deaths: int = 5) -> Claim | None:
    with database.write() as tx:
        return jobs.claim(tx, owner, need="cpu", lease_us=lease_us, max_deaths=max_deaths)


def must_claim(database: Database, owner: str = "a", *, lease_us: int = LEASE_US) -> Claim:
    found = claim(database, owner, lease_us=lease_us)
    assert found is not None
    return found


def state(database: Database, key: str) -> tuple[str, str | None, int, int]:
    """(state, reason, attempts, deaths)"""
    with database.read() as tx:
        query = text("SELECT state, reason, attempts, deaths FROM work_unit WHERE key = :key")
        found = tx.execute(query, {"key": key}).one()
        return found.state, found.reason, found.attempts, found.deaths


def test_the_same_work_is_one_unit(database: Database) -> None:
    first = put(database, unit("a"), unit("b"))
    assert put(database, unit("a", priority=3)) == {"a": first["a"]}
    taken = must_claim(database)
    assert (taken.key, taken.priority) == ("a", 3)
    put(database, unit("a", payload={"other": 1}))
    with database.write() as tx:
        jobs.finish(tx, taken)
    assert state(database, "a")[0] == "done", "asking again does not disturb who works at it"


def test_what_ended_is_opened_again_when_it_is_asked_for(database: Database) -> None:
    put(database, unit("a"))
    with database.write() as tx:
        jobs.give_up(tx, must_claim_in(tx), Verdict("failed", "crashed", "it crashed"))
    assert state(database, "a") == ("failed", "crashed", 0, 0)
    put(database, unit("a", payload={"size": 2}))
    assert state(database, "a") == ("waiting", None, 0, 0)
    assert must_claim(database).payload == {"size": 2}


def must_claim_in(tx: Transaction) -> Claim:
    found = jobs.claim(tx, "a", need="cpu", lease_us=LEASE_US)
    assert found is not None
    return found


def test_the_order_is_priority_then_stage_then_newness(database: Database) -> None:
    put(
        database,
        unit("old", newness=1),
        unit("new", newness=2),
        unit("first stage", weight=60),
        unit("asked for", weight=10, priority=1),
    )
    assert [must_claim(database).key for _ in range(4)] == ["asked for", "first stage", "new", "old"]
    assert claim(database) is None


def test_a_worker_gets_what_it_has_the_means_for(database: Database) -> None:
    put(database, unit("cpu"), unit("model", needs="model", captioner="blip"))
    with database.write() as tx:
        assert jobs.wanted_captioners(tx, "model") == ["blip"]
        assert jobs.claim(tx, "a", need="model", lease_us=LEASE_US) is None
        assert not jobs.is_anything_ready(tx, "model", [])
        assert jobs.is_anything_ready(tx, "model", ["blip"])
        taken = jobs.claim(tx, "a", need="model", lease_us=LEASE_US, captioners=["git", "blip"])
        assert taken is not None
        assert taken.key == "model"
    assert must_claim(database).key == "cpu"


def test_nobody_else_gets_a_unit_while_its_lease_lasts(database: Database) -> None:
    put(database, unit("a"))
    held = must_claim(database, "a", lease_us=300_000)
    for _ in range(4):  # four times its length
        time.sleep(0.1)
        with database.write() as tx:
            jobs.hold(tx, held, lease_us=300_000, share=0.5)
        assert claim(database, "b") is None


def test_a_worker_that_was_thought_dead_writes_nothing(database: Database) -> None:
    put(database, unit("a"))
    asleep = must_claim(database, "a", lease_us=NOTHING_US)
    awake = must_claim(database, "b")
    assert (awake.epoch, awake.deaths) == (asleep.epoch + 1, 1)
    acts: list[Callable[[Transaction], object]] = [
        lambda tx: jobs.hold(tx, asleep, lease_us=LEASE_US),
        lambda tx: jobs.finish(tx, asleep),
        lambda tx: jobs.give_up(tx, asleep, Verdict("failed", "x", "x")),
        lambda tx: jobs.release(tx, asleep),
        lambda tx: jobs.put_off(tx, asleep, reason="x", message="x", wait_us=0, counts="as a try"),
        lambda tx: jobs.drop(tx, asleep),
    ]
    for act in acts:
        with pytest.raises(LostLease):
            write_and(database, act)
    with database.write() as tx:
        assert settings.get(tx, "output") is None
        jobs.finish(tx, awake)


def write_and(database: Database, act: Callable[[Transaction], object]) -> None:
    with database.write() as tx:
        settings.put(tx, "output", "of the sleeper")
        act(tx)


def test_the_same_owner_at_an_older_epoch_is_fenced_too(database: Database) -> None:
    put(database, unit("a"))
    before = must_claim(database, "a", lease_us=NOTHING_US)
    must_claim(database, "a")
    with pytest.raises(LostLease), database.write() as tx:
        jobs.finish(tx, before)


def test_output_end_and_what_follows_are_one(database: Database) -> None:
    put(database, unit("a"))
    held = must_claim(database)

    def fail_at_the_end(tx: Transaction) -> None:
        jobs.hold(tx, held, lease_us=LEASE_US)
        jobs.put(tx, [unit("b")])
        jobs.finish(tx, held)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and(database, fail_at_the_end)
    assert state(database, "a")[0] == "running"
    with database.read() as tx:
        assert settings.get(tx, "output") is None
    assert claim(database, "b") is None, "what would follow is not there"


def test_what_kills_its_workers_is_parked_while_the_rest_goes_on(database: Database) -> None:
    put(database, unit("poison", priority=1), unit("good"))
    for deaths in range(3):
        taken = claim(database, f"w{deaths}", lease_us=NOTHING_US, max_deaths=3)
        assert taken is not None
        assert taken.key == "poison"
    left = claim(database, max_deaths=3)
    assert left is not None
    assert left.key == "good"
    assert state(database, "poison") == ("failed", "worker_died", 0, 3)
    with database.write() as tx:
        assert jobs.retry(tx) == 1
    assert state(database, "poison") == ("waiting", None, 0, 0)


def test_another_try_comes_later_and_a_stop_is_no_try(database: Database) -> None:
    put(database, unit("a"))
    held = must_claim(database)
    with database.write() as tx:
        jobs.put_off(tx, held, reason="hung", message="it hung", wait_us=200_000, counts="as a try")
    assert state(database, "a") == ("waiting", "hung", 1, 0)
    assert claim(database) is None
    time.sleep(0.25)
    held = must_claim(database)
    assert held.attempts == 1
    with database.write() as tx:
        jobs.release(tx, held)
    assert state(database, "a") == ("waiting", None, 1, 0)


def test_while_paused_nobody_claims(database: Database) -> None:
    put(database, unit("a"))
    with database.write() as tx:
        jobs.pause(tx)
    assert claim(database) is None
    with database.write() as tx:
        assert jobs.is_paused(tx)
        assert not jobs.is_anything_ready(tx, "cpu", [])
        assert jobs.is_anything_open(tx, "cpu", [])
        jobs.resume(tx)
    assert must_claim(database).key == "a"


def test_a_video_takes_its_units_along(database: Database) -> None:
    with database.write() as tx:
        video = videos.add(tx, info=INFO, fingerprint=Fingerprint(4, "x"), title="t", fields={})
        rows = jobs.put(tx, [unit("look", stage="looking", video=video)])
        jobs.put(tx, [unit("cut", video=video, file=rows["look"])])
        assert jobs.raise_priority(tx, video, 10) == 2
        held = jobs.claim(tx, "a", need="cpu", lease_us=LEASE_US)
        assert held is not None
        assert jobs.still_to_do(tx, video, but=held) == (1 if held.key == "look" else 0)
        videos.remove(tx, video)
    with database.read() as tx:
        left = tx.execute(text("SELECT key, video_row FROM work_unit")).all()
    assert [tuple(row) for row in left] == [("look", None)], "the file stays known, the video's work goes"


def test_the_verdict_on_a_file_reaches_its_copies(database: Database) -> None:
    with database.write() as tx:
        video = videos.add(tx, info=INFO, fingerprint=Fingerprint(4, "x"), title="t", fields={})
        looked = [unit(name, stage="looking", video=video) for name in ("one", "copy")]
        rows = jobs.put(tx, [*looked, unit("other", stage="looking")])
        jobs.judge_files(tx, video, file=rows["one"], verdict=Verdict("refused", "no_frames", "no picture in it"))
    assert [state(database, key)[:2] for key in ("one", "copy", "other")] == [
        ("refused", "no_frames"),
        ("refused", "no_frames"),
        ("waiting", None),
    ]


def test_many_hands_do_every_unit_once(database: Database) -> None:
    put(database, *(unit(f"u{number}") for number in range(120)))
    done: list[str] = []
    lock = threading.Lock()

    def work(owner: str) -> None:
        while True:
            with database.write() as tx:
                held = jobs.claim(tx, owner, need="cpu", lease_us=LEASE_US)
            if held is None:
                return
            with database.write() as tx:
                jobs.put(tx, [unit(f"child of {held.key}", needs="model")])
                jobs.finish(tx, held)
            with lock:
                done.append(held.key)

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == sorted(f"u{number}" for number in range(120))
    with database.read() as tx:
        children = tx.execute(text("SELECT count(*) FROM work_unit WHERE key LIKE 'child of %'")).scalar()
    assert children == 120


def test_unknown_videos_leave_a_unit_without_one(database: Database) -> None:
    put(database, unit("a", video=VideoId("nobody")))
    assert must_claim(database).video is None


def test_what_was_put_off_comes_after_the_rest(database: Database) -> None:
    put(database, unit("of a share that is away", newness=9), unit("fresh", newness=1))
    held = must_claim(database)
    assert held.key == "of a share that is away"
    with database.write() as tx:
        jobs.put_off(tx, held, reason=jobs.AWAY, message="away", wait_us=0, counts="as nothing")
    assert [must_claim(database).key, must_claim(database).key] == ["fresh", "of a share that is away"]
    with database.read() as tx:
        assert jobs.is_anything_open(tx, "cpu", [])


def test_nobody_waits_for_a_share_that_is_away(database: Database) -> None:
    put(database, unit("a"))
    with database.write() as tx:
        held = must_claim_in(tx)
        jobs.put_off(tx, held, reason=jobs.AWAY, message="away", wait_us=10**9, counts="as nothing")
        assert not jobs.is_anything_open(tx, "cpu", [])


def test_who_slept_itself_has_not_died(database: Database) -> None:
    put(database, unit("a"))
    for _ in range(9):
        taken = claim(database, "a", lease_us=NOTHING_US, max_deaths=3)
        assert taken is not None
        assert taken.deaths == 0
