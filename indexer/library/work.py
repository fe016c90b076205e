"""The work of a library: how it goes, what failed, and how to hold it up or hurry it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from indexer.domain import FailedUnit, Priority, VideoId, WorkStatus
from indexer.errors import UsageError
from indexer.ingest.planning import plan
from indexer.ingest.progress import work_status
from indexer.store import Database, jobs, outcomes, repairs, videos
from indexer.store.failed_captions import forget_failed_captions

_PRIORITIES: dict[Priority, int] = {"high": 10, "normal": 0, "low": -10}  # files of an `add` have 1


@dataclass(frozen=True, slots=True)
class Work:
    """What is being done, by whoever works at it."""

    database: Database
    writable: Callable[[], Database]

    def status(self) -> WorkStatus:
        """What is done, being done and waiting, how fast it goes and how long the rest takes."""
        with self.database.read() as tx:
            return work_status(tx)

    def failures(self, *, limit: int = 100, offset: int = 0) -> list[FailedUnit]:
        """What ended without its result, by reason, the latest first; `work().failures` has the numbers."""
        with self.database.read() as tx:
            return outcomes.failed_units(tx, limit=limit, offset=offset)

    def retry(
        self,
        which: Literal["failed", "failed and refused"] = "failed",
        *,
        video: VideoId | None = None,
        units: Sequence[int] | None = None,
    ) -> int:
        """Take up again what failed: all of it, that of one video, or units that `failures` names (whatever they ended
        as). Returns how many units. Raises `UsageError` for a video or a unit that is not there, or did not fail."""
        states: Sequence[Literal["failed", "refused"]] = ("failed",) if which == "failed" else ("failed", "refused")
        with self.writable().write() as tx:
            if video is None and units is None:
                return jobs.retry(tx, states=states)
            if video is not None:
                videos.row_of(tx, video)
            rows = outcomes.failed_rows(tx, video=video, units=units)
            for unit in units or ():
                if unit not in rows:
                    raise UsageError(f"there is no unit {unit} that failed; `shotlist failures` lists those that did")
            return jobs.retry(tx, rows=rows, states=states if units is None else ("failed", "refused"))

    def retry_captions(self, video: VideoId | None = None) -> int:
        """Let segments be captioned anew of which a captioner's answer was no caption. Returns how many. Raises
        `UsageError` for a video that is not there."""
        with self.writable().write() as tx:
            failed = forget_failed_captions(tx, video=video)
            for one in failed:
                repairs.reopen(tx, one)
                jobs.put(tx, plan(tx, one))
        return failed.total()

    def pause(self) -> None:
        """Let all workers hold still, until `resume`; nothing is lost."""
        with self.writable().write() as tx:
            jobs.pause(tx)

    def resume(self) -> None:
        with self.writable().write() as tx:
            jobs.resume(tx)

    def prioritise(self, video: VideoId, level: Priority) -> int:
        """Let what is still to be done for a video go before, or after, the rest. Returns how many units that is."""
        with self.writable().write() as tx:
            videos.row_of(tx, video)
            return jobs.raise_priority(tx, video, _PRIORITIES[level])
