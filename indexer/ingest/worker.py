"""Works a library's queue: lanes that claim units and run their steps, under leases that one more thread renews."""

import errno
import logging
import os
import socket
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from indexer.domain import Need, Stage
from indexer.errors import ComponentAway, ComponentError, LibraryBusy, MediaError, MediaFailed
from indexer.ingest.sources import ShareAway, away_now
from indexer.ingest.steps import STEPS, Step
from indexer.ingest.steps.looking import file_of
from indexer.ingest.task import Orders, Stopped, Task
from indexer.ingest.verdict import judge
from indexer.ingest.workbench import AWAY_S, Workbench
from indexer.store import Transaction, jobs, workers
from indexer.store.jobs import Claim, LostLease

_TRIES = {"hung": 2, "out_of_memory": 4, "not_started": 6, "no_answer": 7}
"""How often a unit is tried for reasons that may pass: files that hang mostly do so again, disks come back."""

_TRANSIENT = (errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EHOSTDOWN, errno.ENOTCONN, errno.EAGAIN, errno.ENOMEM)
_LONGEST_WAIT_S = 300.0
_MODEL_LANES = 2  # while a model writes about one unit, the next one is decoded

_log = logging.getLogger(__name__)


@dataclass
class Worker:
    """One process's share of the work. Several may work one library; each says what it has.

    `lanes`: units of the kind `cpu` it works at once. `lease_s`: how long the others wait for a worker that is not
    heard of. `max_deaths`: a unit that was in hand when so many workers died is not tried again.
    """

    bench: Workbench
    has: Sequence[Need] = ("cpu", "model")
    lanes: int = 2
    lease_s: float = 60.0
    max_deaths: int = 5
    poll_s: float = 0.5
    back_off_s: float = 2.0
    notice: Callable[[str], None] = lambda _: None
    left: Callable[[Claim], None] = lambda _: None  # told of each unit that leaves its hands
    unfit: Literal["raise", "go on"] = "raise"  # where a captioner proves unfit: end, or leave its units to others
    steps: Mapping[Stage, Step] = field(default_factory=lambda: STEPS)
    name: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}")
    orders: Orders = field(init=False)
    _tasks: dict[tuple[int, int], Task] = field(default_factory=dict)  # by row and epoch: a lost one may come back
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _more: threading.Event = field(default_factory=threading.Event)
    _defect: BaseException | None = None

    def __post_init__(self) -> None:
        self.orders = Orders(notice=self.notice)

    @property
    def idle(self) -> bool:
        """Whether nothing is in its hands."""
        return not self._tasks

    def work(self, *, until: Callable[[], bool]) -> None:
        """Work until `until()` holds, which is asked every `poll_s`; then, or on an exception, every unit in hand is
        given back. Raises what went wrong in a lane if that is a defect or a captioner that is not fit."""
        self.orders.patiently(self._renew)  # from now on it is counted among those who work
        self.orders.patiently(self._take_over)
        threads = [threading.Thread(target=self._beat, name="heartbeat", daemon=True)]
        threads += [
            threading.Thread(target=self._lane, args=(need,), name=f"{need}-{number}", daemon=True)
            for number, need in enumerate(self._lanes)
        ]
        for thread in threads:
            thread.start()
        try:
            while not self.orders.stop.is_set() and not self._is_over(until):
                self.orders.stop.wait(self.poll_s)
        finally:
            self.stop()
            for thread in threads:
                thread.join()
            self._say_goodbye()
        if self._defect is not None:
            raise self._defect

    def stop(self) -> None:
        """Ask for an end; safe from any thread and from a signal's handler."""
        self.orders.stop.set()
        self._more.set()

    @property
    def _lanes(self) -> list[Need]:
        """What each lane claims."""
        return [need for need in self.has for _ in range(self.lanes if need == "cpu" else _MODEL_LANES)]

    def _is_over(self, until: Callable[[], bool]) -> bool:
        try:
            return until()
        except LibraryBusy as error:
            self.notice(f"{error}; waiting, nothing is lost")
            return False

    # -- lanes -------------------------------------------------------------------------------------------------------

    def _lane(self, need: Need) -> None:
        while not self.orders.stop.is_set():
            try:
                claim = self.orders.patiently(lambda: self._claim(need))
                if claim is None:
                    self._more.wait(self.poll_s)
                    self._more.clear()
                else:
                    self._run(claim)
            except Stopped:
                return
            except BaseException as error:
                self._defect = error
                self.stop()
                return

    def _claim(self, need: Need) -> Claim | None:
        """The next unit. Whether there is one is asked by reading first: who has nothing to do keeps nobody from
        writing."""
        if self.orders.pause.is_set():
            return None
        with self.bench.database.read() as tx:
            wanted = jobs.wanted_captioners(tx, need)
        captioners = self.bench.here(wanted)  # may load, or ask a server: not while anything is held
        with self.bench.database.read() as tx:
            if not jobs.is_anything_ready(tx, need, captioners):
                return None
        with self.bench.database.write() as tx:
            return jobs.claim(
                tx,
                self.name,
                need=need,
                lease_us=self._lease_us,
                captioners=captioners,
                max_deaths=self.max_deaths,
            )

    def _run(self, claim: Claim) -> None:
        task = Task(claim, self.bench.database, self.orders, self._lease_us)
        with self._lock:
            self._tasks[claim.row, claim.epoch] = task
        try:
            self._try(task)
        except LostLease:
            _log.info("%s went to another worker", claim.key)
        finally:
            with self._lock:
                del self._tasks[claim.row, claim.epoch]
            self.left(claim)
            self._more.set()  # what follows may be claimed at once

    def _try(self, task: Task) -> None:
        """Run the step; whatever comes of it, the unit leaves this worker's hands. Raises `Stopped`, `LostLease`."""
        try:
            self.steps[task.claim.stage](self.bench, task)
            return
        except LostLease:
            raise
        except Stopped:
            self._release(task)
            raise
        except Exception as error:
            if self.orders.stop.is_set() and not isinstance(error, ComponentError):
                self._release(task)  # children die with the group that is stopped
                raise Stopped from None
            self._end_badly(task, error)

    def _end_badly(self, task: Task, error: Exception) -> None:
        try:
            self.orders.patiently(partial(self._settle, task, error))
        except Stopped:
            self._release(task)
            raise

    def _settle(self, task: Task, error: Exception) -> None:
        if isinstance(error, MediaError | OSError):
            path = file_of(task.claim.payload).path if task.claim.payload.get("path_bytes") else None
            error = away_now(self.bench.database, path, task.claim.video) or error
        wait_s = min(self.back_off_s * 4**task.claim.attempts, _LONGEST_WAIT_S)
        tries = task.claim.attempts + 1
        match error:
            case ShareAway():
                message = f"{error}; connect it: it is looked for every {AWAY_S:g} s"
                self.notice(message)
                task.put_off(jobs.AWAY, message, wait_s=AWAY_S, counts="as nothing")
            case ComponentAway():
                self._wait_for_captioner(task, error)
            case LibraryBusy():
                self.notice(f"{error}; waiting, nothing is lost")
                task.put_off("busy", str(error), wait_s=self.back_off_s, counts="as nothing")
            case MediaFailed() if tries < _TRIES.get(error.reason, 0):
                task.put_off(error.reason, error.message, wait_s=wait_s, counts="as a try")
            case MediaError():
                judge(self.bench, task, error)
            case ComponentError():
                self._set_aside(task, error)
            case OSError() if error.errno in _TRANSIENT and tries < _TRIES["no_answer"]:
                message = f"the disk did not answer ({error.strerror})"
                task.put_off("no_answer", message, wait_s=wait_s, counts="as a try")
            case OSError():
                judge(self.bench, task, MediaFailed("unreadable", f"{error.strerror or error}; see to it, then retry"))
            case _:
                _log.exception("%s failed by a defect of Shotlist", task.claim.key, exc_info=error)
                told = f"it failed by a defect of Shotlist; please report it: {type(error).__name__}: {error}"
                judge(self.bench, task, MediaFailed("bug", told))

    def _wait_for_captioner(self, task: Task, error: ComponentAway) -> None:
        message = f"{error}; it is asked again every {AWAY_S:g} s, nothing is lost"
        self.notice(message)
        task.put_off("captioner_away", message, wait_s=AWAY_S, counts="as nothing")
        if task.claim.captioner is not None:
            self.bench.captioners.set_aside(task.claim.captioner, error)

    def _set_aside(self, task: Task, error: ComponentError) -> None:
        """The unit is left to a worker whose captioner (or embedder) is fit."""
        task.put_off("unfit", str(error), wait_s=self.back_off_s, counts="as nothing")
        if task.claim.captioner is None or self.unfit == "raise":
            raise error
        self.bench.captioners.set_aside(task.claim.captioner, error)
        self.notice(f"{error}; its work is left to other workers")

    def _release(self, task: Task) -> None:
        """Best done at once, so that nobody has to wait for the lease to end; yet if it cannot be, that will do."""
        try:
            with self.bench.database.write() as tx:
                jobs.release(tx, task.claim)
        except (LibraryBusy, LostLease):
            pass

    # -- leases ------------------------------------------------------------------------------------------------------

    @property
    def _lease_us(self) -> int:
        return int(self.lease_s * 1e6)

    def _beat(self) -> None:
        """Renew the leases in hand, say how far they are and that this worker lives, and heed a pause."""
        while not self.orders.stop.wait(min(self.lease_s / 4, 3.0)):
            try:
                self._renew()
            except LibraryBusy as error:
                self.notice(f"{error}; waiting, nothing is lost")
            except BaseException as error:
                self._defect = error
                self.stop()

    def _renew(self) -> None:
        with self._lock:
            tasks = list(self._tasks.values())
        with self.bench.database.write() as tx:
            workers.seen(tx, self.name, lanes=self._lanes, captioners=self.bench.ready)
            gone = [task for task in tasks if not self._renewed(tx, task)]
            paused = jobs.is_paused(tx)
        for task in gone:
            task.lost.set()
        (self.orders.pause.set if paused else self.orders.pause.clear)()

    def _take_over(self) -> None:
        """Who starts again after a crash need not wait for the leases of processes of this machine that are no more."""
        with self.bench.database.read() as tx:
            dead = [owner for owner in jobs.owners(tx) if _is_dead_here(owner)]
        if dead:
            with self.bench.database.write() as tx:
                for owner in dead:
                    jobs.end_leases(tx, owner)

    def _renewed(self, tx: Transaction, task: Task) -> bool:
        try:
            jobs.hold(tx, task.claim, lease_us=self._lease_us, share=task.share)
        except LostLease:
            return task.ended
        return True

    def _say_goodbye(self) -> None:
        try:
            with self.bench.database.write() as tx:
                workers.gone(tx, self.name)
        except LibraryBusy:
            pass  # who is not heard of for a minute is not counted either


def _is_dead_here(owner: str) -> bool:
    """Whether it was a worker of this machine (`host:process:number`) whose process is gone."""
    host, _, rest = owner.partition(":")
    process = rest.partition(":")[0]
    if host != socket.gethostname() or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def nothing_left(worker: Worker) -> Callable[[], bool]:
    """An `until` for `Worker.work`: holds when there is nothing in its hands, and nothing to come that it could do."""

    def until() -> bool:
        if not worker.idle:
            return False
        with worker.bench.database.read() as tx:
            wanted = {need: jobs.wanted_captioners(tx, need) for need in worker.has}
        here = {need: worker.bench.here(names) for need, names in wanted.items()}
        with worker.bench.database.read() as tx:
            return not any(jobs.is_anything_open(tx, need, here[need]) for need in worker.has)

    return until


def default_lanes() -> int:
    """One for each processor this process may use, up to eight: decoding has threads of its own."""
    return max(1, min(8, len(os.sched_getaffinity(0))))
