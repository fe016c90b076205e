"""What the ledger tells of the work: counted and measured in sets, so that it stays quick with many units.

How far files are, and what ended badly, is in `outcomes`; what to make of these numbers, in `ingest.progress`.
"""

from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from indexer.domain import FailureCount, Need, Recipe, Stage, VideoId
from indexer.store.jobs import OPEN, now_us
from indexer.store.tables import VideoTable
from indexer.store.work_tables import WorkUnitTable as Unit

LOOKED_AT = 2_000  # the newest files that were looked at tell how much footage the next ones hold
STAGES: tuple[Stage, ...] = ("looking", "decoding", "keyframes", "pictures", "captioning", "embedding", "fixity")


@dataclass(frozen=True, slots=True)
class Kind:
    """Units that cost alike and can be worked by the same workers."""

    stage: Stage
    recipe: Recipe | None = None
    needs: Need = "cpu"
    captioner: str | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """How much work: units, footage and bytes these are about; `unknown` units are about footage of unknown length."""

    units: int = 0
    media_us: int = 0
    bytes: int = 0
    unknown: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(
            self.units + other.units,
            self.media_us + other.media_us,
            self.bytes + other.bytes,
            self.unknown + other.unknown,
        )

    def __sub__(self, other: "Amount") -> "Amount":
        return self + Amount(-other.units, -other.media_us, -other.bytes, -other.unknown)


@dataclass(frozen=True, slots=True)
class Held:
    """A unit that a worker holds now."""

    kind: Kind
    amount: Amount
    share: float
    seconds: float  # since it was taken
    overdue: bool  # its worker was not heard of in time: it waits for another
    worker: str
    row: int
    video: VideoId | None


@dataclass(frozen=True, slots=True)
class Measure:
    """What units cost that were done: `cost_us` of one lane for `amount`, from `began_us` on."""

    amount: Amount
    cost_us: int
    began_us: int


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What files turned out to hold, on the whole."""

    files: int
    bytes: int
    with_footage: int  # of the files: those that were new and could be read
    media_us: int


@dataclass(frozen=True, slots=True)
class PutOff:
    """Units that wait, for one reason, for a later moment."""

    reason: str
    units: int
    message: str  # of one of them
    alike: bool  # whether all say the same


Counted = Literal["ready", "deferred", "done", "refused", "failed"]
"""As units are counted: those that wait are ready, or wait for a later moment."""

_KIND = (Unit.stage, Unit.recipe, Unit.needs, Unit.captioner)
_UNKNOWN = case((Unit.media_us == 0, 1), else_=0)
_AMOUNT = (func.count(), func.sum(Unit.media_us), func.sum(Unit.bytes), func.sum(_UNKNOWN))


def counts(tx: Session) -> dict[tuple[Kind, Counted], Amount]:
    """All units but running ones, by kind and state."""
    later = (Unit.state == "waiting") & (Unit.not_before_us > now_us(tx))
    of_later = [func.sum(case((later, one), else_=0)) for one in (1, Unit.media_us, Unit.bytes, _UNKNOWN)]
    grouped = (Unit.state, *_KIND)  # as the index has them: nothing is sorted, and no row is read
    found: dict[tuple[Kind, Counted], Amount] = {}
    for state, stage, recipe, needs, captioner, *sums in tx.execute(
        select(*grouped, *_AMOUNT, *of_later).group_by(*grouped)
    ):
        kind = Kind(stage, recipe, needs, captioner)
        every, deferred = (Amount(*(int(one) for one in some)) for some in (sums[:4], sums[4:]))
        if deferred.units:
            found[kind, "deferred"] = deferred
        if state != "running" and every.units > deferred.units:
            found[kind, "ready" if state == "waiting" else state] = every - deferred
    return found


def held(tx: Session) -> list[Held]:
    """The units that are claimed now, those that were taken first first."""
    now = now_us(tx)
    query = select(Unit, VideoTable.id).outerjoin(VideoTable, VideoTable.row == Unit.video_row)
    found = tx.execute(query.where(Unit.state == "running").order_by(Unit.started_us, Unit.row))
    return [
        Held(
            kind=Kind(cast("Stage", unit.stage), _recipe(unit.recipe), unit.needs, unit.captioner),
            amount=Amount(1, unit.media_us, unit.bytes, int(unit.media_us == 0)),
            share=min(max(unit.share, 0.0), 1.0),
            seconds=max(0.0, (now - (unit.started_us or now)) / 1e6),
            overdue=unit.lease_until_us < now,
            worker=unit.owner or "",
            row=unit.row,
            video=None if video is None else VideoId(video),
        )
        for unit, video in found
    ]


def measured(tx: Session, *, since_us: int) -> dict[Kind, Measure]:
    """What the units cost that were done since then."""
    query = select(*_KIND, *_AMOUNT, func.sum(Unit.cost_us), func.min(Unit.started_us))
    query = query.where(Unit.stage.in_(STAGES), Unit.ended_us >= since_us, Unit.state == "done").group_by(*_KIND)
    return {Kind(*kind[:4]): _measure(*kind[4:]) for kind in tx.execute(query)}


def latest(tx: Session, kind: Kind, *, limit: int) -> Measure | None:
    """What the last `limit` units of a kind cost, however long ago they were done."""
    same = (Unit.stage == kind.stage, Unit.recipe.is_not_distinct_from(kind.recipe), Unit.needs == kind.needs)
    last = select(Unit).where(*same, Unit.state == "done", Unit.ended_us.is_not(None))
    some = aliased(Unit, last.order_by(Unit.ended_us.desc()).limit(limit).subquery())
    unknown = func.sum(case((some.media_us == 0, 1), else_=0))
    sums = (func.count(), func.sum(some.media_us), func.sum(some.bytes), unknown)
    row = tx.execute(select(*sums, func.sum(some.cost_us), func.min(some.started_us))).one()
    return _measure(*row) if row[0] else None


def looked_at(tx: Session) -> LookedAt:
    """What the files hold that were looked at last: those that were there before, or were refused, hold no new work."""
    last = select(Unit.row, Unit.bytes, Unit.queued_us).where(Unit.stage == "looking", Unit.ended_us.is_not(None))
    files = last.order_by(Unit.ended_us.desc()).limit(LOOKED_AT).cte("files")
    follows = (Unit.file_row == files.c.row) & (Unit.stage == "decoding") & (Unit.queued_us >= files.c.queued_us)
    of_all = tx.execute(select(func.count(), func.sum(files.c.bytes))).one()
    found = select(func.count(), func.sum(Unit.media_us)).select_from(files).join(Unit, follows)
    footage = tx.execute(found.where(Unit.media_us > 0)).one()
    return LookedAt(*(int(one or 0) for one in (*of_all, *footage)))


def completed_us(tx: Session, *, since_us: int) -> int:
    """The footage of the videos of which the last unit was done since then."""
    lately = select(Unit.video_row).where(
        Unit.stage.in_([stage for stage in STAGES if stage not in ("looking", "fixity")]),
        Unit.ended_us >= since_us,
        Unit.state == "done",
    )
    still = select(Unit.row).where(Unit.video_row == VideoTable.row, Unit.state.in_(OPEN), Unit.stage != "fixity")
    query = select(func.sum(VideoTable.duration_us)).where(VideoTable.row.in_(lately), ~still.exists())
    return int(tx.execute(query).scalar() or 0)


def put_off(tx: Session) -> list[PutOff]:
    """What units wait for, the most of them first."""
    units = func.count()
    query = select(Unit.reason, units, func.min(Unit.message), func.max(Unit.message))
    waits = query.where(Unit.state == "waiting", Unit.not_before_us > now_us(tx), Unit.reason.is_not(None))
    found = tx.execute(waits.group_by(Unit.reason).order_by(units.desc(), Unit.reason))
    return [PutOff(cast("str", reason), int(count), first, first == last) for reason, count, first, last in found]


def failures(tx: Session) -> list[FailureCount]:
    """How many units ended for which reason, the most first."""
    units = func.count()
    query = select(Unit.state, Unit.reason, units).where(Unit.state.in_(("refused", "failed")))
    grouped = query.group_by(Unit.state, Unit.reason).order_by(units.desc(), Unit.state, Unit.reason)
    found = tx.execute(grouped).all()
    return [FailureCount(cast("Any", state), reason or "unknown", int(count)) for state, reason, count in found]


def _recipe(name: str | None) -> Recipe | None:
    return None if name is None else Recipe(name)


def _measure(units: int, media_us: int, size: int, unknown: int, cost_us: int, began_us: int | None) -> Measure:
    return Measure(Amount(int(units), int(media_us), int(size), int(unknown)), int(cost_us), int(began_us or 0))
