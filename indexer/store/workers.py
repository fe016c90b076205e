"""Who works on a library: each worker says now and then that it lives, and what it offers."""

import json
from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from indexer.domain import LivingWorker, Need
from indexer.store.jobs import now_us
from indexer.store.row_lists import insert_into
from indexer.store.work_tables import WorkerTable

LIVES_US = 60_000_000
"""A worker that was not heard of for longer is not counted."""


def seen(tx: Session, name: str, *, lanes: Sequence[Need], captioners: Collection[str] = ()) -> None:
    """Note that a worker lives: what each of its lanes claims, and the captioners it can run."""
    now = now_us(tx)
    told = {"lanes": json.dumps(list(lanes)), "captioners": json.dumps(sorted(captioners)), "seen_us": now}
    insertion = insert_into(tx, WorkerTable).values(name=name, started_us=now, **told)
    tx.execute(insertion.on_conflict_do_update(index_elements=["name"], set_=told))


def gone(tx: Session, name: str) -> None:
    """Note that a worker stopped; and forget those that were not heard of for a day."""
    long_ago = now_us(tx) - 24 * 3600 * 1_000_000
    tx.execute(delete(WorkerTable).where((WorkerTable.name == name) | (WorkerTable.seen_us < long_ago)))


def living(tx: Session) -> list[LivingWorker]:
    """The workers heard of within the last minute, by name."""
    now = now_us(tx)
    query = select(WorkerTable).where(WorkerTable.seen_us > now - LIVES_US).order_by(WorkerTable.name)
    return [
        LivingWorker(
            name=worker.name,
            lanes=tuple(json.loads(worker.lanes)),
            captioners=tuple(json.loads(worker.captioners)),
            quiet_s=max(0.0, (now - worker.seen_us) / 1e6),
        )
        for worker in tx.execute(query).scalars()
    ]
