"""A claimed unit of work in the hands of a step: how far it is, and the only way to write its output."""

import errno
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from indexer.domain import VideoId
from indexer.errors import LibraryBusy, MediaError, MediaRefused
from indexer.store import Database, Transaction, jobs, videos
from indexer.store.jobs import Claim, LostLease, Verdict

T = TypeVar("T")

_HOLD_STILL_S = 0.2
_TRIES = 4
_TRY_AGAIN_S = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


class Stopped(Exception):
    """The worker was asked to stop: the unit is given back."""


def with_patience(do: Callable[[], T]) -> T:
    """Do it, and a few times again while the library is busy; then raises `LibraryBusy`. For who asks for work: on
    PostgreSQL one of two that lock the same units in different order is told to try again."""
    for wait_s in _TRY_AGAIN_S[:_TRIES]:
        try:
            return do()
        except LibraryBusy:
            time.sleep(wait_s)
    return do()


@dataclass(slots=True)
class Orders:
    """What all tasks of a worker heed, and where they complain."""

    stop: threading.Event = field(default_factory=threading.Event)
    pause: threading.Event = field(default_factory=threading.Event)
    notice: Callable[[str], None] = lambda _: None

    def patiently(self, do: Callable[[], T]) -> T:
        """Do it, again and again while the library is busy or the disk full. Raises `Stopped` meanwhile when asked to
        stop."""
        tries = 0
        while True:
            try:
                return do()
            except LibraryBusy as error:
                trouble = str(error)
            except OSError as error:
                if error.errno not in DISK_FULL:
                    raise
                trouble = "the disk is full; free some space"
            self.notice(f"{trouble}; waiting, nothing is lost")
            if self.stop.wait(_TRY_AGAIN_S[min(tries, len(_TRY_AGAIN_S) - 1)]):
                raise Stopped
            tries += 1


@dataclass(frozen=True, slots=True)
class Done:
    """What is told of a unit at its end: the video it turned out to be about, where that was not known before, and
    what the report says of it (`warnings`, `state`, `reason`, `message`)."""

    video: VideoId | None = None
    media_us: int | None = None  # how much footage it was in truth, where only its header's claim was known
    result: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Task:
    claim: Claim
    database: Database
    orders: Orders
    lease_us: int
    share: float = 0.0
    idle_us: int = 0  # held still, and not told the ledger yet
    lost: threading.Event = field(default_factory=threading.Event)
    ended: bool = False

    @property
    def is_wanted(self) -> bool:
        """Whether `tell` would go on."""
        return not (self.lost.is_set() or self.orders.stop.is_set())

    def tell(self, share: float) -> None:
        """Note how far the unit is (0..1). Holds still while the library is paused.

        Raises `Stopped` when the worker is to stop, `LostLease` when the unit went to somebody else.
        """
        self.share = min(max(share, 0.0), 1.0)
        self._hold_still()
        if self.lost.is_set():
            raise LostLease(self.claim.key)
        if self.orders.stop.is_set():
            raise Stopped

    def commit(self, write: Callable[[Transaction], T]) -> T:
        """Write in one transaction that holds the unit; waits while the library is busy. Raises as `tell` does."""

        def once() -> T:
            with self.database.write() as tx:
                jobs.hold(tx, self.claim, lease_us=self.lease_us, share=self.share, idle_us=self.idle_us)
                return write(tx)

        done = self.orders.patiently(once)
        self.idle_us = 0
        return done

    def finish(self, write: "Callable[[Transaction], Done]") -> None:
        """As `commit`, and the unit is done in the same transaction. Its video is complete when this was the last of
        that one's units."""

        def with_the_end(tx: Transaction) -> None:
            done = write(tx)
            video = done.video or self.claim.video
            if video is not None and not jobs.still_to_do(tx, video, but=self.claim):
                videos.finish(tx, video)
            jobs.finish(tx, self.claim, video=video, media_us=done.media_us, result=done.result)

        self.commit(with_the_end)
        self.ended = True

    def let_go(self, write: Callable[[Transaction], object]) -> None:
        """As `commit`, for a `write` that takes the unit itself away."""
        self.commit(write)
        self.ended = True

    def give_up(self, error: MediaError) -> None:
        """The unit ends without its output: refused or failed, as `error` says."""
        verdict = verdict_of(error)
        self.let_go(lambda tx: jobs.give_up(tx, self.claim, verdict))

    def put_off(self, reason: str, message: str, *, wait_s: float, counts: Literal["as a try", "as nothing"]) -> None:
        """Leave the unit to be tried again, not before `wait_s` seconds are over."""
        wait_us = int(wait_s * 1e6)
        self.let_go(
            lambda tx: jobs.put_off(tx, self.claim, reason=reason, message=message, wait_us=wait_us, counts=counts)
        )

    def _hold_still(self) -> None:
        """The time is noted: it is no cost of the work."""
        began = time.monotonic()
        while self.orders.pause.is_set() and not self.orders.stop.wait(_HOLD_STILL_S) and not self.lost.is_set():
            pass
        self.idle_us += int((time.monotonic() - began) * 1e6)


def verdict_of(error: MediaError) -> Verdict:
    return Verdict("refused" if isinstance(error, MediaRefused) else "failed", error.reason, error.message)
