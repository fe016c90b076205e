"""The ledger: units of work, claimed under a lease, in the library's own database.

A unit is `waiting` (perhaps not before some moment), `running`, or ended: `done`, `refused` or `failed`. Who claims one
gets it for a while and must renew that; a unit whose worker is not heard of in time is anybody's again. Each claim
raises the unit's epoch, and whatever is written for a unit is written in a transaction that first holds it by owner and
epoch (`hold`): a worker that was thought dead writes nothing. So an output, the end of its unit and the units that
follow from it are committed together or not at all.

Times are microseconds since 1970: of the machine's clock on SQLite, whose workers share it, of the server's on
PostgreSQL.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, Update, case, delete, func, select, update
from sqlalchemy.orm import Session

from indexer.domain import Need, Recipe, Stage, VideoId
from indexer.store.row_lists import count, texts_in
from indexer.store.tables import VideoTable
from indexer.store.work_queue import (
    OPEN,
    NewUnit,
    Payload,
    Verdict,
    forget_recipes,
    forget_units,
    is_paused,
    judge_files,
    now_us,
    pause,
    payload_of,
    put,
    raise_priority,
    resume,
    retry,
    video_row,
)
from indexer.store.work_tables import WorkUnitTable as Unit

__all__ = [
    "AWAY",
    "OPEN",
    "WORKER_DIED",
    "Claim",
    "LostLease",
    "NewUnit",
    "Payload",
    "Verdict",
    "claim",
    "drop",
    "end_leases",
    "finish",
    "forget_recipes",
    "forget_units",
    "give_up",
    "hold",
    "is_anything_open",
    "is_anything_ready",
    "is_away",
    "is_paused",
    "is_stage_open",
    "judge_files",
    "now_us",
    "owners",
    "pause",
    "payload_of",
    "priority_of",
    "put",
    "put_off",
    "raise_priority",
    "release",
    "resume",
    "retry",
    "still_to_do",
    "videos_with_work",
    "wanted_captioners",
]

WORKER_DIED = "worker_died"
AWAY = "away"


class LostLease(Exception):
    """The unit is somebody else's now, or nobody's: nothing was written, and what is left of the work is in vain."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A unit and the right to work it: `owner` has it at `epoch`."""

    row: int
    owner: str
    epoch: int
    stage: Stage
    key: str
    payload: Payload
    needs: Need
    captioner: str | None
    recipe: Recipe | None
    video: VideoId | None
    file: int | None
    media_us: int
    bytes: int
    priority: int
    newness: int
    attempts: int  # earlier tries that ended in an error
    deaths: int


# -- working ---------------------------------------------------------------------------------------------------------


def claim(
    tx: Session, owner: str, *, need: Need, lease_us: int, captioners: Collection[str] = (), max_deaths: int = 5
) -> Claim | None:
    """Take the unit that is next for a worker who has `need` and can make `captioners`; None where there is none.

    A unit that was running when `max_deaths` workers died is not tried again: it has failed.
    """
    if is_paused(tx):
        return None
    now = now_us(tx)
    _park(tx, now, max_deaths, but=owner)
    able = _able(tx, need, captioners)
    fresh = Unit.reason.is_(None)  # what was put off comes after the rest: thousands of files of a share that is away
    row = _next(tx, *able, *_left(now)) or _next(tx, *able, *_ready(now), fresh) or _next(tx, *able, *_ready(now))
    if row is None:
        return None
    taken = update(Unit).where(Unit.row == row)
    tx.execute(
        taken.values(
            state="running",
            owner=owner,
            epoch=Unit.epoch + 1,
            deaths=Unit.deaths + case(((Unit.state == "running") & (Unit.owner != owner), 1), else_=0),
            lease_until_us=now + lease_us,
            started_us=now,
            share=0.0,
        )
    )
    return _read_claim(tx, row)


def owners(tx: Session) -> list[str]:
    """Who holds units now."""
    held = select(Unit.owner).where(Unit.state == "running", Unit.owner.is_not(None)).distinct()
    return [cast("str", name) for name in tx.execute(held).scalars()]


def end_leases(tx: Session, owner: str) -> None:
    """Let the units of a worker that is known to be dead be taken at once. Were it alive, it would write nothing."""
    tx.execute(update(Unit).where(Unit.state == "running", Unit.owner == owner).values(lease_until_us=0))


def hold(tx: Session, held: Claim, *, lease_us: int, share: float | None = None, idle_us: int = 0) -> None:
    """Make sure that the unit is still held, until this transaction ends, and renew the lease; `idle_us` that went by
    while the worker was told to hold still is no cost of the unit. Raises `LostLease`."""
    told: dict[str, object] = {} if share is None else {"share": share}
    if idle_us:
        told["started_us"] = Unit.started_us + idle_us
    if count(tx, _held(held).values(lease_until_us=now_us(tx) + lease_us, **told)) != 1:
        raise LostLease(held.key)


def finish(
    tx: Session,
    held: Claim,
    *,
    video: VideoId | None = None,
    media_us: int | None = None,
    result: Mapping[str, Any] | None = None,
) -> None:
    """The unit is done; its output is in this transaction. `video`: which it turned out to be about; `media_us`: how
    much footage that was. Raises `LostLease`."""
    told: dict[str, object] = {"video_row": video_row(tx, video)} if video else {}
    if media_us is not None:
        told["media_us"] = media_us
    result_text = json.dumps(result or {}, ensure_ascii=False)
    _end(tx, held, state="done", share=1.0, result=result_text, reason=None, message="", **told)


def give_up(tx: Session, held: Claim, verdict: Verdict) -> None:
    """The unit ends without its output. Raises `LostLease`."""
    _end(tx, held, state=verdict.state, reason=verdict.reason, message=verdict.message)


def drop(tx: Session, held: Claim) -> None:
    """Take the unit away: what it was about is told elsewhere. Raises `LostLease`."""
    _end(tx, held, state="done")
    tx.execute(delete(Unit).where(Unit.row == held.row))


def put_off(
    tx: Session, held: Claim, *, reason: str, message: str, wait_us: int, counts: Literal["as a try", "as nothing"]
) -> None:
    """Let the unit wait before anybody tries it again. Raises `LostLease`."""
    tries = Unit.attempts + (1 if counts == "as a try" else 0)
    _leave(tx, held, not_before_us=now_us(tx) + wait_us, attempts=tries, reason=reason, message=message)


def release(tx: Session, held: Claim) -> None:
    """Give a unit back untried, as a worker that is asked to stop does. Raises `LostLease`."""
    _leave(tx, held, reason=None, message="")


# -- looking ---------------------------------------------------------------------------------------------------------


def still_to_do(tx: Session, video: VideoId, *, but: Claim) -> int:
    """How many units of a video have not brought their output, less the one in hand and those of fixity. Locks the
    video on PostgreSQL, so that of two units that end at once one sees the other."""
    row = tx.execute(select(VideoTable.row).where(VideoTable.id == video).with_for_update()).scalar()
    query = select(func.count()).where(Unit.video_row == row, Unit.state != "done", Unit.row != but.row)
    return tx.execute(query.where(Unit.stage.not_in(("looking", "fixity")))).scalar_one()


def priority_of(tx: Session, held: Claim) -> int:
    """The priority of a unit now."""
    found = tx.execute(select(Unit.priority).where(Unit.row == held.row)).scalar()
    return held.priority if found is None else found


def wanted_captioners(tx: Session, need: Need) -> list[str]:
    """The captioners that open units which need this ask for."""
    which = (Unit.state.in_(OPEN), Unit.needs == need, Unit.captioner.is_not(None))
    return sorted(cast("str", name) for name in tx.execute(select(Unit.captioner).where(*which).distinct()).scalars())


def is_anything_open(tx: Session, need: Need, captioners: Collection[str]) -> bool:
    """Whether there is, or will be, something to do for a worker that has these; what others hold counts too, and what
    waits for a share that is away does not."""
    return _is_any(tx, *_able(tx, need, captioners), Unit.state.in_(OPEN), ~is_away())


def is_anything_ready(tx: Session, need: Need, captioners: Collection[str]) -> bool:
    """Whether something could be claimed now by a worker that has these."""
    now = now_us(tx)
    able = _able(tx, need, captioners)
    return not is_paused(tx) and (_is_any(tx, *able, *_ready(now)) or _is_any(tx, *able, *_left(now)))


def is_away() -> ColumnElement[bool]:
    """Of a unit: it waits for a disk or share, who knows how long."""
    return (Unit.state == "waiting") & Unit.reason.is_not(None) & (Unit.reason == AWAY)


def is_stage_open(tx: Session, stage: Stage) -> bool:
    return _is_any(tx, Unit.stage == stage, Unit.state.in_(OPEN))


def videos_with_work(tx: Session) -> set[VideoId]:
    """Videos of which something is still to be done, or has failed; fixity apart."""
    query = select(VideoTable.id).join(Unit, Unit.video_row == VideoTable.row)
    found = tx.execute(query.where(Unit.state != "done", Unit.stage.not_in(("looking", "fixity"))).distinct())
    return {VideoId(video) for video in found.scalars()}


def _able(tx: Session, need: Need, captioners: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    return Unit.needs == need, Unit.captioner.is_(None) | Unit.captioner.in_(texts_in(tx, captioners))


def _ready(now: int) -> tuple[ColumnElement[bool], ...]:
    return Unit.state == "waiting", Unit.not_before_us <= now


def _left(now: int) -> tuple[ColumnElement[bool], ...]:
    """By a worker that is not heard of any more."""
    return Unit.state == "running", Unit.lease_until_us < now


def _is_any(tx: Session, *which: ColumnElement[bool]) -> bool:
    return tx.execute(select(Unit.row).where(*which).limit(1)).scalar() is not None


def _next(tx: Session, *which: ColumnElement[bool]) -> int | None:
    order = (Unit.priority.desc(), Unit.weight.desc(), Unit.newness.desc(), Unit.row.desc())
    query = select(Unit.row).where(*which).order_by(*order).limit(1)
    return tx.execute(query.with_for_update(skip_locked=True)).scalar()


def _park(tx: Session, now: int, max_deaths: int, *, but: str) -> None:
    """Whose own lease ended has not died: the machine was asleep, or the library busy."""
    last_words = f"{max_deaths} workers died while they were at it; see their logs, then: shotlist retry"
    tx.execute(
        update(Unit)
        .where(*_left(now), Unit.owner != but, Unit.deaths + 1 >= max_deaths)
        .values(state="failed", deaths=Unit.deaths + 1, reason=WORKER_DIED, message=last_words, ended_us=now)
    )


def _held(held: Claim) -> Update:
    return update(Unit).where(
        Unit.row == held.row, Unit.owner == held.owner, Unit.epoch == held.epoch, Unit.state == "running"
    )


def _end(tx: Session, held: Claim, **values: object) -> None:
    now = now_us(tx)
    spent = Unit.cost_us + (now - Unit.started_us)
    if count(tx, _held(held).values(ended_us=now, cost_us=spent, **values)) != 1:
        raise LostLease(held.key)


def _leave(tx: Session, held: Claim, **values: object) -> None:
    spent = Unit.cost_us + (now_us(tx) - Unit.started_us)
    if count(tx, _held(held).values(state="waiting", cost_us=spent, **values)) != 1:
        raise LostLease(held.key)


def _read_claim(tx: Session, row: int) -> Claim:
    query = select(Unit, VideoTable.id).outerjoin(VideoTable, VideoTable.row == Unit.video_row).where(Unit.row == row)
    unit, video = tx.execute(query).one()
    return Claim(
        row=unit.row,
        owner=unit.owner or "",
        epoch=unit.epoch,
        stage=cast("Stage", unit.stage),
        key=unit.key,
        payload=json.loads(unit.payload),
        needs=unit.needs,
        captioner=unit.captioner,
        recipe=None if unit.recipe is None else Recipe(unit.recipe),
        video=None if video is None else VideoId(video),
        file=unit.file_row,
        media_us=unit.media_us,
        bytes=unit.bytes,
        priority=unit.priority,
        newness=unit.newness,
        attempts=unit.attempts,
        deaths=unit.deaths,
    )
