"""What a worker makes of how its steps end: nothing is lost, each error ends where it should, and stops are clean."""

import errno
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import text

from indexer.errors import ComponentAway, ComponentError, LibraryBusy, MediaFailed, MediaRefused
from indexer.ingest import Captioners, Workbench, Worker, nothing_left
from indexer.ingest.sources import ShareAway
from indexer.ingest.task import Done, Task
from indexer.library_folder import LibraryFolder
from indexer.store import Database, jobs, open_database, settings
from indexer.store.jobs import NewUnit
from tests.fakes.captioners import FakeCaptioner
from tests.fakes.embedders import HashEmbedder

Act = Callable[[Task], None]


@dataclass
class Shop:
    """A library in which every unit is of one stage, and the step is what a test says."""

    folder: LibraryFolder
    database: Database
    notices: list[str] = field(default_factory=list)

    def worker(self, act: Act, *, lanes: int = 1) -> Worker:
        bench = Workbench(self.folder, self.database, "fixed", Captioners(lambda _: FakeCaptioner()), HashEmbedder)
        return Worker(
            bench,
            lanes=lanes,
            poll_s=0.01,
            back_off_s=0.01,
            notice=self.notices.append,
            steps={"decoding": lambda _, task: act(task), "captioning": lambda _, task: act(task)},
        )

    def put(self, *keys: str, **about: object) -> None:
        with self.database.write() as tx:
            jobs.put(tx, [NewUnit(key, "decoding", 1, **about) for key in keys])  # type: ignore[arg-type]

    def work(self, act: Act) -> None:
        worker = self.worker(act)
        worker.work(until=nothing_left(worker))

    def states(self) -> dict[str, tuple[str, str | None, int]]:
        with self.database.read() as tx:
            rows = tx.execute(text("SELECT key, state, reason, attempts FROM work_unit"))
            return {key: (state, reason, attempts) for key, state, reason, attempts in rows}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    folder = LibraryFolder(tmp_path)
    folder.create()
    database = open_database(f"sqlite:///{folder.database_file}", purpose="write")
    yield Shop(folder, database)
    database.close()


def end(task: Task) -> None:
    task.finish(lambda _: Done())


def raising(*errors: Exception) -> Act:
    """A step that fails with each of these in turn, then succeeds."""
    left = list(errors)

    def act(task: Task) -> None:
        if left:
            raise left.pop(0)
        end(task)

    return act


@pytest.mark.parametrize(
    ("errors", "state"),
    [
        ([MediaRefused("no_video", "sound alone")], ("refused", "no_video", 0)),
        ([MediaFailed("crashed", "it crashed")], ("failed", "crashed", 0)),
        ([MediaFailed("vanished", "it is gone")], ("failed", "vanished", 0)),
        ([MediaFailed("hung", "no progress")], ("done", None, 1)),
        ([MediaFailed("hung", "no progress")] * 2, ("failed", "hung", 1)),
        ([MediaFailed("no_answer", "no answer")] * 6, ("done", None, 6)),
        ([OSError(errno.EIO, "bad sector")] * 2, ("done", None, 2)),
        ([OSError(errno.EIO, "bad sector")] * 9, ("failed", "unreadable", 6)),
        ([OSError(errno.EACCES, "not yours")], ("failed", "unreadable", 0)),
        ([LibraryBusy("locked")] * 9, ("done", None, 0)),
    ],
    ids=lambda value: "-".join(str(one) for one in value) if isinstance(value, tuple) else "",
)
def test_how_an_error_ends(shop: Shop, errors: list[Exception], state: tuple[str, str | None, int]) -> None:
    shop.put("unit", "other")
    shop.work(lambda task: raising_for_one(task, errors))
    assert shop.states() == {"unit": state, "other": ("done", None, 0)}


def raising_for_one(task: Task, errors: list[Exception]) -> None:
    if task.claim.key == "unit" and errors:
        raise errors.pop(0)
    end(task)


def test_a_defect_is_told_and_the_rest_goes_on(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    shop.put("a", "b")
    with caplog.at_level(logging.ERROR):
        shop.work(raising(ZeroDivisionError("by zero")))
    assert sorted(state[:2] for state in shop.states().values()) == [("done", None), ("failed", "bug")]
    assert "ZeroDivisionError" in caplog.text


def test_a_share_that_is_away_is_waited_for(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.ingest.worker.AWAY_S", 0.05)
    shop.put("a")
    worker = shop.worker(raising(*[ShareAway("/tapes is away")] * 6))
    worker.work(until=lambda: shop.states()["a"][0] == "done")
    assert shop.states() == {"a": ("done", None, 0)}, "waiting is no try"
    assert any("/tapes is away" in notice for notice in shop.notices)


def test_a_full_disk_and_a_busy_library_are_waited_for(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.ingest.task._TRY_AGAIN_S", (0.01,))
    shop.put("a")
    troubles: list[Exception] = [OSError(errno.ENOSPC, "full"), LibraryBusy("locked"), OSError(errno.EDQUOT, "quota")]

    def act(task: Task) -> None:
        def write(_tx: object) -> Done:
            if troubles:
                raise troubles.pop(0)
            return Done()

        task.finish(write)

    shop.work(act)
    assert shop.states() == {"a": ("done", None, 0)}
    assert [notice.split(";")[0] for notice in shop.notices] == ["the disk is full", "locked", "the disk is full"]


def test_a_captioner_that_is_not_fit_ends_the_run_or_leaves_its_units_to_others(shop: Shop) -> None:
    with shop.database.write() as tx:
        jobs.put(tx, [NewUnit("a", "captioning", 1, needs="model", captioner="big"), NewUnit("b", "decoding", 1)])

    def act(task: Task) -> None:
        if task.claim.captioner:
            raise ComponentError("it needs more memory than there is")
        end(task)

    with pytest.raises(ComponentError, match="more memory"):
        shop.work(act)
    assert shop.states()["a"] == ("waiting", "unfit", 0)
    worker = shop.worker(act)
    worker.unfit = "go on"
    worker.work(until=nothing_left(worker))
    assert shop.states() == {"a": ("waiting", "unfit", 0), "b": ("done", None, 0)}
    assert any("left to other workers" in notice for notice in shop.notices)


def test_a_captioner_whose_server_is_away_is_waited_for_while_the_rest_goes_on(shop: Shop) -> None:
    with shop.database.write() as tx:
        jobs.put(tx, [NewUnit("a", "captioning", 1, needs="model", captioner="big"), NewUnit("b", "decoding", 1)])

    def act(task: Task) -> None:
        if task.claim.captioner:
            raise ComponentAway("the captioner's server does not answer")
        end(task)

    shop.work(act)
    assert shop.states() == {"a": ("waiting", "captioner_away", 0), "b": ("done", None, 0)}
    assert any("asked again every 30 s" in notice for notice in shop.notices)


def test_a_stop_gives_back_what_is_in_hand(shop: Shop) -> None:
    shop.put("a", "b")
    begun = threading.Event()

    def act(task: Task) -> None:
        begun.set()
        while True:
            task.tell(0.5)

    worker = shop.worker(act, lanes=2)
    worker.work(until=begun.is_set)
    assert shop.states() == {"a": ("waiting", None, 0), "b": ("waiting", None, 0)}
    shop.work(end)
    assert {state for state, _, _ in shop.states().values()} == {"done"}


def test_what_a_child_says_while_the_group_is_stopped_is_no_verdict(shop: Shop) -> None:
    shop.put("a")
    begun, stopped = threading.Event(), threading.Event()

    def act(_task: Task) -> None:
        begun.set()
        stopped.wait(10)
        raise MediaFailed("crashed", "its process was ended too")

    worker = shop.worker(act)

    def until() -> bool:
        if begun.is_set():
            worker.stop()
            stopped.set()
        return begun.is_set()

    worker.work(until=until)
    assert shop.states() == {"a": ("waiting", None, 0)}


def test_a_lost_lease_leaves_the_unit_to_its_new_owner(shop: Shop) -> None:
    shop.put("a")
    taken: list[str] = []

    def act(task: Task) -> None:
        with shop.database.write() as tx:
            tx.execute(text("UPDATE work_unit SET lease_until_us = 0"))
            other = jobs.claim(tx, "other", need="cpu", lease_us=10**9)
        assert other is not None
        taken.append(other.key)
        task.commit(lambda tx: settings.put(tx, "output", "late"))

    worker = shop.worker(act)
    worker.work(until=lambda: bool(taken) and worker.idle)
    assert shop.states() == {"a": ("running", None, 0)}
    with shop.database.read() as tx:
        assert settings.get(tx, "output") is None


def test_a_pause_holds_the_work_still_and_a_resume_lets_it_go_on(shop: Shop) -> None:
    shop.put("a", "b")
    steps: list[str] = []
    worker = shop.worker(lambda task: act(task))

    def act(task: Task) -> None:
        steps.append(f"{task.claim.key} begins")
        worker.orders.pause.set()  # as a heartbeat does that finds the library paused
        threading.Timer(0.3, worker.orders.pause.clear).start()
        task.tell(0.5)
        assert not worker.orders.pause.is_set()
        end(task)

    worker.work(until=nothing_left(worker))
    assert len(steps) == 2
    assert {state for state, _, _ in shop.states().values()} == {"done"}


def test_what_a_dead_process_of_this_machine_held_is_taken_at_once(shop: Shop) -> None:
    """And nothing of the living, or of other machines."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    here = socket.gethostname()
    shop.put("dead", "alive", "elsewhere")
    holders = {"dead": f"{here}:{gone.pid}:a", "alive": f"{here}:{os.getpid()}:b", "elsewhere": f"x{here}:{gone.pid}:c"}
    with shop.database.write() as tx:
        for key, owner in holders.items():
            held = {"state": "running", "owner": owner, "lease": 2**62, "key": key}
            update = "UPDATE work_unit SET state = :state, owner = :owner, lease_until_us = :lease WHERE key = :key"
            tx.execute(text(update), held)
    worker = shop.worker(end)
    worker.work(until=lambda: shop.states()["dead"][0] == "done")
    assert {key: state for key, (state, _, _) in shop.states().items()} == {
        "dead": "done",
        "alive": "running",
        "elsewhere": "running",
    }
