"""The tables of the work to do: units, workers, watched folders. See `tables` for the rest."""

from typing import Literal

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from indexer.store.tables import Base, PlainText, RowNumber


class WorkUnitTable(Base):
    """A piece of work, claimed under a lease by one worker at a time. Times are microseconds of the clock of `jobs`."""

    __tablename__ = "work_unit"
    __table_args__ = (
        Index("ix_work_unit_next", "state", "needs", "priority", "weight", "newness"),
        Index("ix_work_unit_ended", "stage", "ended_us"),
        Index(  # all that `progress` counts, in the order in which it groups
            "ix_work_unit_counts",
            *("state", "stage", "recipe", "needs", "captioner", "not_before_us", "media_us", "bytes"),
        ),
    )
    row: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    key: Mapped[str] = mapped_column(
        unique=True
    )  # what it is about: the same work is one unit, however often asked for
    stage: Mapped[str]
    weight: Mapped[int]  # of its stage: the higher goes first, after `priority`
    needs: Mapped[Literal["cpu", "model"]] = mapped_column(PlainText)
    captioner: Mapped[str | None]
    recipe: Mapped[str | None]
    payload: Mapped[str]  # JSON
    video_row: Mapped[int | None] = mapped_column(RowNumber, ForeignKey("video.row", ondelete="SET NULL"), index=True)
    file_row: Mapped[int | None] = mapped_column(
        RowNumber, index=True
    )  # the unit that looked at the file it comes from
    media_us: Mapped[int]  # how much footage it is about; 0 where that is not known yet
    bytes: Mapped[int]  # of the file, for units that look at one
    priority: Mapped[int]  # the higher goes first
    newness: Mapped[int]  # of the footage: the higher goes first, after `weight`
    state: Mapped[Literal["waiting", "running", "done", "refused", "failed"]] = mapped_column(PlainText)
    not_before_us: Mapped[int]
    attempts: Mapped[int]  # tries that ended in an error
    deaths: Mapped[int]  # tries whose worker was not heard of again
    owner: Mapped[str | None]
    epoch: Mapped[int]  # grows with each claim: who holds an older one may write nothing
    lease_until_us: Mapped[int]
    share: Mapped[float]  # 0..1 of it that is done, while it runs
    reason: Mapped[str | None]  # why it was refused, failed or waits; a stable code
    message: Mapped[str]
    result: Mapped[str]  # JSON: what is told of it at the end
    cost_us: Mapped[int]  # how long it took, over all tries
    queued_us: Mapped[int]
    started_us: Mapped[int | None]
    ended_us: Mapped[int | None]


class WorkerTable(Base):
    """Who works, and when it was last heard of."""

    __tablename__ = "worker"
    row: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    lanes: Mapped[str]  # JSON: what each of its lanes offers, a unit at once each
    captioners: Mapped[str]  # JSON: the names of those it can run
    started_us: Mapped[int]
    seen_us: Mapped[int]


class WatchedFolderTable(Base):
    """A folder whose files are indexed as they come. Patterns are JSON lists."""

    __tablename__ = "watched_folder"
    row: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    path: Mapped[bytes] = mapped_column(unique=True)
    path_text: Mapped[str]
    include: Mapped[str]
    exclude: Mapped[str]
    settle_us: Mapped[int]  # how long a file must not have changed
    added_at: Mapped[str]
