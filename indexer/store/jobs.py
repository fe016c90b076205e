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
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, Update, case, delete, func, select, text, update
from sqlalchemy.orm import Session

from indexer.domain import Need, Recipe, Stage, UnitState, VideoId
from indexer.store import settings
from indexer.store.row_lists import insert_into, is_sqlite, rows_in, texts_in
from indexer.store.tables import VideoTable
from indexer.store.work_tables import WorkUnitTable as Unit

Payload = Mapping[str, str | int | None]
OPEN: tuple[UnitState, ...] = ("waiting", "running")
ENDED: tuple[UnitState, ...] = ("done", "refused", "failed")
PAUSED = "paused"  # the setting; any value
WORKER_DIED = "worker_died"


class LostLease(Exception):
    """The unit is somebody else's now, or nobody's: nothing was written, and what is left of the work is in vain."""


@dataclass(frozen=True, slots=True)
class NewUnit:
    """Work to be done. `key` says what it is: the same work is one unit, however often it is asked for."""

    key: str
    stage: Stage
    weight: int  # of its stage: the higher goes first, after `priority`
    payload: Payload = field(default_factory=dict)
    needs: Need = "cpu"
    captioner: str | None = None
    recipe: Recipe | None = None
    video: VideoId | None = None
    file: int | None = None  # the unit that looked at the file it comes from
    media_us: int = 0  # footage it is about, as far as that is known
    bytes: int = 0
    priority: int = 0
    newness: int = 0  # of the footage: the higher goes first, after `weight`


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


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a unit ended that brought no output. `reason` is a stable code, `message` for people."""

    state: Literal["refused", "failed"]
    reason: str
    message: str


def now_us(tx: Session) -> int:
    if is_sqlite(tx):
        return time.time_ns() // 1000
    return int(tx.execute(text("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")).scalar_one())


# -- asking for work -------------------------------------------------------------------------------------------------


def put(tx: Session, units: Sequence[NewUnit], *, delay_us: int = 0) -> dict[str, int]:
    """Ask for work. Units that ended are opened again; open ones stay as they are, with the higher of both priorities.

    Returns {key: row}. `delay_us` holds those back that are opened now.
    """
    if not units:
        return {}
    videos = _video_rows(tx, {unit.video for unit in units if unit.video})
    now = now_us(tx)
    insertion = insert_into(tx, Unit)
    new, idle = insertion.excluded, Unit.state != "running"
    ended = idle & (Unit.state != "waiting")  # not IN: these conditions go with many rows at once
    again = ("state", "not_before_us", "attempts", "deaths", "share", "reason", "message", "result", "cost_us")
    fresh = {name: case((ended, new[name]), else_=getattr(Unit, name)) for name in (*again, "queued_us", "ended_us")}
    about = ("payload", "media_us", "bytes", "newness", "weight", "needs", "captioner", "recipe")
    told = {name: case((idle, new[name]), else_=getattr(Unit, name)) for name in about}
    linked = {
        "video_row": func.coalesce(new["video_row"], Unit.video_row),
        "file_row": case((ended, new["file_row"]), else_=func.coalesce(Unit.file_row, new["file_row"])),
        "priority": case((Unit.priority > new["priority"], Unit.priority), else_=new["priority"]),
    }
    tx.execute(
        insertion.on_conflict_do_update(index_elements=["key"], set_=fresh | told | linked),
        [_columns(unit, videos, now=now, not_before_us=now + delay_us) for unit in units],
    )
    rows = select(Unit.key, Unit.row).where(Unit.key.in_(texts_in(tx, [unit.key for unit in units])))
    return dict(tx.execute(rows).all())


def raise_priority(tx: Session, video: VideoId, priority: int) -> int:
    """Let what is still to be done for a video go before (or, below 0, after) the rest. Returns how many units."""
    which = (Unit.video_row == _video_row(tx, video), Unit.state.in_(OPEN))
    return _count(tx, update(Unit).where(*which).values(priority=priority))


def retry(
    tx: Session,
    *,
    rows: Collection[int] | None = None,
    states: Sequence[Literal["failed", "refused"]] = ("failed",),
) -> int:
    """Take up again what failed, of these units or of all. Returns how many."""
    which = [Unit.state.in_(states)]
    if rows is not None:
        which.append(Unit.row.in_(rows_in(tx, rows)))
    return _count(tx, update(Unit).where(*which).values(**_OPENED, queued_us=now_us(tx)))


def pause(tx: Session) -> None:
    """Let nobody claim; workers hold still at their next step."""
    settings.put(tx, PAUSED, "yes")


def resume(tx: Session) -> None:
    settings.drop(tx, PAUSED)


def is_paused(tx: Session) -> bool:
    return settings.get(tx, PAUSED) is not None


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
    _park(tx, now, max_deaths)
    able = _able(tx, need, captioners)
    row = _next(tx, *able, *_left(now)) or _next(tx, *able, *_ready(now))
    if row is None:
        return None
    taken = update(Unit).where(Unit.row == row)
    tx.execute(
        taken.values(
            state="running",
            owner=owner,
            epoch=Unit.epoch + 1,
            deaths=Unit.deaths + case((Unit.state == "running", 1), else_=0),
            lease_until_us=now + lease_us,
            started_us=now,
            share=0.0,
        )
    )
    return _read_claim(tx, row)


def hold(tx: Session, held: Claim, *, lease_us: int, share: float | None = None) -> None:
    """Make sure that the unit is still held, until this transaction ends, and renew the lease. Raises `LostLease`."""
    told = {} if share is None else {"share": share}
    if _count(tx, _held(held).values(lease_until_us=now_us(tx) + lease_us, **told)) != 1:
        raise LostLease(held.key)


def finish(
    tx: Session, held: Claim, *, video: VideoId | None = None, result: Mapping[str, Any] | None = None
) -> None:
    """The unit is done; its output is in this transaction, and the video it turned out to be about. Raises
    `LostLease`."""
    told = {"video_row": _video_row(tx, video)} if video else {}
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


def judge_files(tx: Session, video: VideoId | None, *, file: int | None, verdict: Verdict) -> None:
    """What a later stage finds unfit is told of the files themselves: of `file` (its unit), and of those that are known
    as `video`, such as its copies."""
    which = Unit.row == file
    if video is not None:
        which = which | ((Unit.stage == "looking") & (Unit.video_row == _video_row(tx, video)))
    told = {"state": verdict.state, "reason": verdict.reason, "message": verdict.message}
    tx.execute(update(Unit).where(which).values(**told, result="{}", ended_us=now_us(tx)))


def payload_of(tx: Session, row: int | None) -> Payload:
    """What a unit is about; nothing where it is gone."""
    found = tx.execute(select(Unit.payload).where(Unit.row == row)).scalar()
    return {} if found is None else cast("Payload", json.loads(found))


def forget_units(tx: Session, video: VideoId) -> None:
    """Take away what was to be done, or is being done, for a video that goes; files that were looked at stay known."""
    tx.execute(delete(Unit).where(Unit.video_row == _video_row(tx, video), Unit.stage != "looking"))


# -- looking ---------------------------------------------------------------------------------------------------------


def still_to_do(tx: Session, video: VideoId, *, but: Claim) -> int:
    """How many units of a video have not brought their output, less the one in hand and those of fixity. Locks the
    video on PostgreSQL, so that of two units that end at once one sees the other."""
    row = tx.execute(select(VideoTable.row).where(VideoTable.id == video).with_for_update()).scalar()
    query = select(func.count()).where(Unit.video_row == row, Unit.state != "done", Unit.row != but.row)
    return tx.execute(query.where(Unit.stage.not_in(("looking", "fixity")))).scalar_one()


def wanted_captioners(tx: Session, need: Need) -> list[str]:
    """The captioners that open units which need this ask for."""
    which = (Unit.state.in_(OPEN), Unit.needs == need, Unit.captioner.is_not(None))
    return sorted(cast("str", name) for name in tx.execute(select(Unit.captioner).where(*which).distinct()).scalars())


def is_anything_open(tx: Session, need: Need, captioners: Collection[str]) -> bool:
    """Whether there is, or will be, something to do for a worker that has these; what others hold counts too."""
    return _is_any(tx, *_able(tx, need, captioners), Unit.state.in_(OPEN))


def is_anything_ready(tx: Session, need: Need, captioners: Collection[str]) -> bool:
    """Whether something could be claimed now by a worker that has these."""
    now = now_us(tx)
    able = _able(tx, need, captioners)
    return not is_paused(tx) and (_is_any(tx, *able, *_ready(now)) or _is_any(tx, *able, *_left(now)))


def is_stage_open(tx: Session, stage: Stage) -> bool:
    return _is_any(tx, Unit.stage == stage, Unit.state.in_(OPEN))


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


def _park(tx: Session, now: int, max_deaths: int) -> None:
    last_words = f"{max_deaths} workers died while they were at it; see their logs, then: shotlist retry"
    tx.execute(
        update(Unit)
        .where(*_left(now), Unit.deaths + 1 >= max_deaths)
        .values(state="failed", deaths=Unit.deaths + 1, reason=WORKER_DIED, message=last_words, ended_us=now)
    )


def _held(held: Claim) -> Update:
    return update(Unit).where(
        Unit.row == held.row, Unit.owner == held.owner, Unit.epoch == held.epoch, Unit.state == "running"
    )


def _end(tx: Session, held: Claim, **values: object) -> None:
    now = now_us(tx)
    spent = Unit.cost_us + (now - Unit.started_us)
    if _count(tx, _held(held).values(ended_us=now, cost_us=spent, **values)) != 1:
        raise LostLease(held.key)


def _leave(tx: Session, held: Claim, **values: object) -> None:
    spent = Unit.cost_us + (now_us(tx) - Unit.started_us)
    if _count(tx, _held(held).values(state="waiting", cost_us=spent, **values)) != 1:
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


_OPENED: dict[str, Any] = {
    "state": "waiting",
    "not_before_us": 0,
    "attempts": 0,
    "deaths": 0,
    "share": 0.0,
    "reason": None,
    "message": "",
    "result": "{}",
    "cost_us": 0,
    "ended_us": None,
}


def _columns(unit: NewUnit, videos: Mapping[VideoId, int], *, now: int, not_before_us: int) -> dict[str, Any]:
    return _OPENED | {
        "key": unit.key,
        "stage": unit.stage,
        "weight": unit.weight,
        "needs": unit.needs,
        "captioner": unit.captioner,
        "recipe": unit.recipe,
        "payload": json.dumps(dict(unit.payload), ensure_ascii=False),
        "video_row": videos.get(unit.video) if unit.video else None,
        "file_row": unit.file,
        "media_us": unit.media_us,
        "bytes": unit.bytes,
        "priority": unit.priority,
        "newness": unit.newness,
        "not_before_us": not_before_us,
        "owner": None,
        "epoch": 0,
        "lease_until_us": 0,
        "queued_us": now,
        "started_us": None,
    }


def _video_rows(tx: Session, videos: Collection[VideoId]) -> dict[VideoId, int]:
    found = tx.execute(select(VideoTable.id, VideoTable.row).where(VideoTable.id.in_(texts_in(tx, videos))))
    return {VideoId(id_): row for id_, row in found}


def _video_row(tx: Session, video: VideoId) -> int | None:
    return _video_rows(tx, [video]).get(video)


def _count(tx: Session, change: Update) -> int:
    return int(cast("Any", tx.execute(change)).rowcount)
