"""What `shotlist verify` asks the ledger."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from indexer.store.jobs import OPEN, now_us
from indexer.store.work_tables import WorkUnitTable as Unit

_OF_VIDEOS = ("keyframes", "pictures", "captioning", "embedding")  # the stages whose units are always about a video


@dataclass(frozen=True, slots=True)
class CheckedLedger:
    units: int
    left: int  # of workers that were not heard of in time; any worker takes them up again
    failed: int
    refused: int
    homeless: list[int]  # rows of work to be done for videos that are gone


def read_ledger(tx: Session) -> CheckedLedger:
    states = dict(tx.execute(select(Unit.state, func.count()).group_by(Unit.state)).all())
    left = select(func.count()).where(Unit.state == "running", Unit.lease_until_us < now_us(tx))
    homeless = select(Unit.row).where(Unit.video_row.is_(None), Unit.stage.in_(_OF_VIDEOS), Unit.state.in_(OPEN))
    return CheckedLedger(
        units=sum(states.values()),
        left=tx.execute(left).scalar_one(),
        failed=states.get("failed", 0),
        refused=states.get("refused", 0),
        homeless=list(tx.execute(homeless.order_by(Unit.row)).scalars()),
    )
