"""Starts the processes, queues films to them, and does them harm; then lets them end, and counts."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from sqlalchemy import text

from benchmarks.chaos.checks import counts, faults
from benchmarks.chaos.library import CAPTIONERS, LATER, Place
from indexer.ingest import Ingester
from indexer.ingest.recaption import recaption
from indexer.ingest.task import Orders
from indexer.store import jobs

WORKERS = 3
LEAST_WAITING = 8  # units; with fewer, more films are queued
ENDS_IN_S = 60.0  # what a worker that is asked to may take at most
PATIENCE_S = 300.0  # for what is left once the harm is done
_MINUTES_ARE_OVER = "the time was over before the harm was done"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much harm, and how fast: the pause between two acts is drawn from `pause_s`."""

    kills: int = 100
    stops: int = 20
    damages: int = 20
    seed: int = 1
    films: int = 40  # at first
    more_films: int = 4  # when the queue is nearly empty
    lease_s: float = 2.0
    pause_s: tuple[float, float] = (0.4, 3.0)
    longest_s: float = 1800.0


@dataclass
class Outcome:
    """What was done, and what came of it."""

    database: str
    kills: int = 0  # of workers
    publisher_kills: int = 0
    stops: int = 0  # beyond the lease, then continued
    damaged: int = 0  # index files overwritten or deleted, always the newest
    films: int = 0
    units: int = 0
    again: int = 0  # units that were done, asked for once more by who could not know it, and found nothing left to do
    wasted: int = 0  # times a unit was begun and not ended by who began it
    retried: int = 0  # units that were parked because so many workers died at them
    searches: int = 0
    wrong: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


def run(place: Place, plan: Plan, *, log: Path) -> Outcome:
    """Ill-treat a library until the plan is fulfilled. Whatever is told goes to files in the folder `log`."""
    place.make()
    ingester = place.ingester()
    outcome = Outcome(ingester.bench.database.dialect)
    began = time.monotonic()
    crew = _Crew(place, plan, log)
    try:
        _ill_treat(ingester, crew, outcome, plan=plan)
        _let_end(ingester, crew, outcome)
    finally:
        crew.end()
    ingester.publish()
    ingester.bench.database.close()
    outcome.faults += [*crew.complaints, *faults(place, films=outcome.films)]
    outcome.searches, outcome.wrong = crew.searched()
    with place.open("read").read() as tx:
        outcome.units, outcome.again, outcome.wasted = counts(tx)
    outcome.seconds = time.monotonic() - began
    return outcome


def _ill_treat(ingester: Ingester, crew: "_Crew", outcome: Outcome, *, plan: Plan) -> None:
    dice = random.Random(plan.seed)
    until = time.monotonic() + plan.longest_s
    left = deque(_acts(plan, dice))
    halfway = len(left) // 2
    while left:
        if time.monotonic() > until:
            outcome.faults.append(_MINUTES_ARE_OVER)
            return
        _keep_busy(ingester, crew.place, outcome, plan=plan)
        time.sleep(dice.uniform(*plan.pause_s))
        crew.tend()
        if not _do(left[0], crew, outcome, dice):
            left.rotate(-1)  # there is no index yet: later
            continue
        left.popleft()
        if len(left) == halfway:
            Orders().patiently(lambda: recaption(ingester.bench.database, CAPTIONERS[LATER], LATER))
        outcome.retried += _retry_parked(ingester)


def _do(act: str, crew: "_Crew", outcome: Outcome, dice: random.Random) -> bool:
    """Whether it could be done."""
    match act:
        case "kill":
            done = crew.kill(dice)
            outcome.kills += done
        case "kill publisher":
            done = crew.kill_publisher()
            outcome.publisher_kills += done
        case "stop":
            done = crew.stop(dice)
            outcome.stops += done
        case _:
            done = _damage(crew.place.folder.indexes, dice)
            outcome.damaged += done
    return bool(done)


def _acts(plan: Plan, dice: random.Random) -> list[str]:
    acts = ["kill"] * plan.kills + ["stop"] * plan.stops + ["damage"] * plan.damages
    acts += ["kill publisher"] * (plan.kills // 5)
    dice.shuffle(acts)
    return acts


def _keep_busy(ingester: Ingester, place: Place, outcome: Outcome, *, plan: Plan) -> None:
    """The queue is never empty before the harm is done."""
    with ingester.bench.database.read() as tx:
        waiting = tx.execute(text("SELECT count(*) FROM work_unit WHERE state IN ('waiting', 'running')")).scalar_one()
    count = plan.films if outcome.films == 0 else plan.more_films if waiting < LEAST_WAITING else 0
    if count:
        place.queue(ingester, first=outcome.films, count=count)
        outcome.films += count


def _retry_parked(ingester: Ingester) -> int:
    """What a person would do about units that were in hand when workers died."""
    parked = text("SELECT row FROM work_unit WHERE state = 'failed' AND reason = :reason")
    with ingester.bench.database.read() as tx:
        rows = list(tx.execute(parked, {"reason": jobs.WORKER_DIED}).scalars())
    if not rows:
        return 0
    with ingester.bench.database.write() as tx:
        return jobs.retry(tx, rows=rows)


def _damage(indexes: Path, dice: random.Random) -> int:
    """Overwrite some bytes of the newest index file, or delete it. 0 where there is none yet."""
    try:
        newest = max(indexes.glob("*.index"), key=lambda file: file.stat().st_mtime_ns, default=None)
        if newest is None:
            return 0
        if dice.random() < 0.3:
            newest.unlink()
            return 1
        with newest.open("r+b") as opened:
            opened.seek(dice.randrange(max(1, opened.seek(0, os.SEEK_END) - 3)))
            opened.write(dice.randbytes(3))
    except FileNotFoundError:  # a newer one took its place meanwhile
        return 0
    return 1


def _let_end(ingester: Ingester, crew: "_Crew", outcome: Outcome) -> None:
    """Wait until nothing is open any more. Notes a fault where that takes too long."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        crew.tend()
        outcome.retried += _retry_parked(ingester)
        with ingester.bench.database.read() as tx:
            if not tx.execute(text("SELECT count(*) FROM work_unit WHERE state <> 'done'")).scalar_one():
                return
        time.sleep(0.2)
    outcome.faults.append("the queue did not come to its end")


@dataclass
class _Crew:
    """Three workers, a publisher, a reader. Who dies is replaced."""

    place: Place
    plan: Plan
    log: Path
    complaints: list[str] = field(default_factory=list)
    _workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _clocks: list[threading.Timer] = field(default_factory=list)
    _files: list[IO[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.log.mkdir(parents=True, exist_ok=True)
        self._workers = [self._start_worker() for _ in range(WORKERS)]
        self._publisher = self._start("worker", "publish", *self._where, str(self.plan.lease_s))
        self._reader = self._start("reader", *self._where, str(self.plan.seed))

    def tend(self) -> None:
        """A process that ended by itself is a fault, and is replaced."""
        for number, worker in enumerate(self._workers):
            if worker.poll() is not None:
                self.complaints.append(f"a worker ended by itself with {worker.returncode}")
                self._workers[number] = self._start_worker()
        if self._reader.poll() is not None:
            self.complaints.append(f"the reader ended by itself with {self._reader.returncode}")
            self._reader = self._start("reader", *self._where, str(self.plan.seed))

    def kill(self, dice: random.Random) -> int:
        number = dice.randrange(WORKERS)
        worker = self._workers[number]
        if worker.poll() is not None:
            return 0
        worker.kill()
        worker.wait()
        self._workers[number] = self._start_worker()
        return 1

    def kill_publisher(self) -> int:
        self._publisher.kill()
        self._publisher.wait()
        self._publisher = self._start("worker", "publish", *self._where, str(self.plan.lease_s))
        return 1

    def stop(self, dice: random.Random) -> int:
        """Stop a worker until well after its lease. By a clock of its own: it may stop in a transaction for whose end
        this process waits too."""
        worker = dice.choice(self._workers)
        worker.send_signal(signal.SIGSTOP)
        clock = threading.Timer(self.plan.lease_s * dice.uniform(1.5, 3.0), worker.send_signal, [signal.SIGCONT])
        clock.start()
        self._clocks.append(clock)
        return 1

    def end(self) -> None:
        """Workers must end cleanly when they are asked to; the others may be killed."""
        for clock in self._clocks:
            clock.join()
        for worker in self._workers:
            worker.terminate()
        for worker in self._workers:
            try:
                worker.wait(ENDS_IN_S)
            except subprocess.TimeoutExpired:
                self.complaints.append("a worker did not end when it was asked to")
                worker.kill()
                worker.wait()
            if worker.returncode not in (0, -signal.SIGKILL, -signal.SIGTERM):  # -SIGTERM: it had hardly begun
                self.complaints.append(f"a worker that was asked to stop ended with {worker.returncode}")
        for process in (self._publisher, self._reader):
            process.kill()
            process.wait()
        for file in self._files:
            file.close()

    def searched(self) -> tuple[int, int]:
        """How many searches were compared, and how many of them were wrong."""
        lines = [json.loads(line) for line in (self.log / "reader.out").read_text().splitlines() if line.endswith("}")]
        checked = [line for line in lines if line["known"]]
        return len(checked), sum(line["wrong"] is not None for line in lines)

    @property
    def _where(self) -> tuple[str, str]:
        return str(self.place.root), self.place.url

    def _start_worker(self) -> subprocess.Popen[bytes]:
        return self._start("worker", "work", *self._where, str(self.plan.lease_s))

    def _start(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        for name in ("out", "err"):
            self._files.append((self.log / f"{module}.{name}").open("ab"))
        command = [sys.executable, "-m", f"benchmarks.chaos.{module}", *arguments]
        root = Path(__file__).resolve().parents[2]
        return subprocess.Popen(command, cwd=root, stdout=self._files[-2], stderr=self._files[-1])
