"""Asking for work: what is to be done, under keys that make the same work one unit; and taking it back. Who does it,
and under which rules, is in `jobs`, which offers this module too."""

import json
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from sqlalchemy import case, delete, func, select, text, update
from sqlalchemy.orm import Session

from indexer.domain import Need, Recipe, Stage, UnitState, VideoId
from indexer.store import settings
from indexer.store.row_lists import count, insert_into, is_sqlite, rows_in, texts_in
from indexer.store.tables import VideoTable
from indexer.store.work_tables import WorkUnitTable as Unit

Payload = Mapping[str, str | int | None]
OPEN: tuple[UnitState, ...] = ("waiting", "running")
PAUSED = "paused"  # the setting; any value


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
class Verdict:
    """How a unit ended that brought no output. `reason` is a stable code, `message` for people."""

    state: Literal["refused", "failed"]
    reason: str
    message: str


def now_us(tx: Session) -> int:
    if is_sqlite(tx):
        return time.time_ns() // 1000
    return int(tx.execute(text("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")).scalar_one())


def put(tx: Session, units: Sequence[NewUnit], *, delay_us: int = 0) -> dict[str, int]:
    """Ask for work. Units that ended are opened again; open ones stay as they are, with the higher of both priorities.

    Returns {key: row}. `delay_us` holds those back that are opened now.
    """
    if not units:
        return {}
    videos = _video_rows(tx, {unit.video for unit in units if unit.video})
    now = now_us(tx)
    by_key = sorted(units, key=lambda unit: unit.key)  # all writers in one order: none waits for one that waits for it
    insertion = insert_into(tx, Unit)
    new, idle = insertion.excluded, Unit.state != "running"
    ended = idle & (Unit.state != "waiting")  # not IN: these conditions go with many rows at once
    again = ("state", "not_before_us", "attempts", "deaths", "share", "reason", "message", "result", "cost_us")
    fresh = {name: case((ended, new[name]), else_=getattr(Unit, name)) for name in (*again, "queued_us", "ended_us")}
    about = ("payload", "media_us", "bytes", "newness", "weight", "needs", "captioner", "recipe")
    told = {name: case((idle, new[name]), else_=getattr(Unit, name)) for name in about}
    linked = {
        name: case((ended, new[name]), else_=func.coalesce(getattr(Unit, name), new[name]))
        for name in ("video_row", "file_row")
    } | {
        "priority": case((Unit.priority > new["priority"], Unit.priority), else_=new["priority"]),
    }
    tx.execute(
        insertion.on_conflict_do_update(index_elements=["key"], set_=fresh | told | linked),
        [_columns(unit, videos, now=now, not_before_us=now + delay_us) for unit in by_key],
    )
    rows = select(Unit.key, Unit.row).where(Unit.key.in_(texts_in(tx, [unit.key for unit in units])))
    return dict(tx.execute(rows).all())


def raise_priority(tx: Session, video: VideoId, priority: int) -> int:
    """Let what is still to be done for a video go before (or, below 0, after) the rest. Returns how many units."""
    which = (Unit.video_row == video_row(tx, video), Unit.state.in_(OPEN))
    return count(tx, update(Unit).where(*which).values(priority=priority))


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
    return count(tx, update(Unit).where(*which).values(**_OPENED, queued_us=now_us(tx)))


def pause(tx: Session) -> None:
    """Let nobody claim; workers hold still at their next step."""
    settings.put(tx, PAUSED, "yes")


def resume(tx: Session) -> None:
    settings.drop(tx, PAUSED)


def is_paused(tx: Session) -> bool:
    return settings.get(tx, PAUSED) is not None


def judge_files(tx: Session, video: VideoId | None, *, file: int | None, verdict: Verdict) -> None:
    """What a later stage finds unfit is told of the files themselves: of `file` (its unit), and of those that are known
    as `video`, such as its copies."""
    which = Unit.row == file
    if video is not None:
        which = which | ((Unit.stage == "looking") & (Unit.video_row == video_row(tx, video)))
    told = {"state": verdict.state, "reason": verdict.reason, "message": verdict.message}
    tx.execute(update(Unit).where(which).values(**told, result="{}", ended_us=now_us(tx)))


def payload_of(tx: Session, row: int | None) -> Payload:
    """What a unit is about; nothing where it is gone."""
    found = tx.execute(select(Unit.payload).where(Unit.row == row)).scalar()
    return {} if found is None else cast("Payload", json.loads(found))


def forget_recipes(tx: Session, recipes: Collection[Recipe]) -> None:
    """Take away what was to be done by recipes that nobody can write by any more."""
    which = (Unit.recipe.in_(texts_in(tx, recipes)), Unit.state.in_(("waiting", "failed")))
    tx.execute(delete(Unit).where(*which, Unit.stage == "captioning"))


def forget_units(tx: Session, video: VideoId) -> None:
    """Take away what was to be done, or is being done, for a video that goes; files that were looked at stay known."""
    tx.execute(delete(Unit).where(Unit.video_row == video_row(tx, video), Unit.stage != "looking"))


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


def video_row(tx: Session, video: VideoId) -> int | None:
    """None for a video that is not in the library."""
    return _video_rows(tx, [video]).get(video)
