"""Watched folders, and what the library knows of the files in one: as videos, and as work that was asked for."""

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from indexer.domain import path_text
from indexer.store import roots
from indexer.store.jobs import OPEN
from indexer.store.row_lists import insert_into
from indexer.store.tables import LocationTable, RootTable
from indexer.store.work_tables import WatchedFolderTable as Watched
from indexer.store.work_tables import WorkUnitTable as Unit

_SECOND = 1_000_000
_AT_ONCE = 2000  # rows read at a time
_GONE = ("vanished", "missing")  # reasons of files that may come back as they were


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """A folder whose files are indexed as they come. Patterns are relative to it."""

    path: Path
    include: tuple[str, ...] = ()  # empty: all footage
    exclude: tuple[str, ...] = ()
    settle_s: float = 10.0  # how long a file must not have changed


class Sight(NamedTuple):
    """A file as it was once seen. Its bytes are another's when either has changed."""

    size: int
    mtime_ns: int


def put(tx: Session, folder: WatchedFolder) -> None:
    """Watch a folder from now on; one that is watched gets these patterns."""
    facts = {
        "include": json.dumps(folder.include),
        "exclude": json.dumps(folder.exclude),
        "settle_us": round(folder.settle_s * _SECOND),
    }
    place = {"path": os.fsencode(folder.path), "path_text": path_text(folder.path)}
    insertion = insert_into(tx, Watched).values(
        added_at=datetime.now(UTC).isoformat(timespec="seconds"), **place, **facts
    )
    tx.execute(insertion.on_conflict_do_update(index_elements=["path"], set_=facts))


def remove(tx: Session, path: Path) -> None:
    tx.execute(delete(Watched).where(Watched.path == os.fsencode(path)))


def load(tx: Session) -> list[WatchedFolder]:
    """Every watched folder, by path."""
    rows = tx.execute(select(Watched.path, Watched.include, Watched.exclude, Watched.settle_us))
    found = [
        WatchedFolder(
            Path(os.fsdecode(path)), tuple(json.loads(include)), tuple(json.loads(exclude)), settle_us / _SECOND
        )
        for path, include, exclude, settle_us in rows
    ]
    return sorted(found, key=lambda folder: os.fsencode(folder.path))


def located_files(tx: Session, folder: Path) -> dict[bytes, Sight]:
    """{path: as it was last looked at} of the files below a folder that are videos; less those noted as gone."""
    found: dict[bytes, Sight] = {}
    for root in roots.load(tx):
        base = os.path.join(os.fsencode(root.path), b"")  # noqa: PTH118 (paths as bytes: there may be very many)
        if root.path.is_relative_to(folder):
            below = and_(True)
        elif folder.is_relative_to(root.path):
            inner = os.fsencode(folder.relative_to(root.path))
            below = and_(LocationTable.relative_path >= inner + b"/", LocationTable.relative_path < inner + b"0")
        else:
            continue
        columns = (LocationTable.relative_path, LocationTable.size, LocationTable.mtime_ns)
        query = select(*columns).join(RootTable, RootTable.row == LocationTable.root_row)
        query = query.where(RootTable.name == root.name, LocationTable.online, below)
        for relative_path, size, mtime_ns in tx.execute(query.execution_options(yield_per=_AT_ONCE)):
            found[base + relative_path] = Sight(size, mtime_ns)
    return found


def asked_files(tx: Session, folder: Path) -> dict[bytes, Sight]:
    """{path: as it was when it was queued} of the files below a folder that wait to be looked at, that were found
    unfit, or whose video was removed: as long as they have not changed, there is nothing to ask again."""
    base = os.path.join(os.fsencode(folder), b"")  # noqa: PTH118
    return {path: sight for path, sight in _asked(tx) if path.startswith(base)}


def _asked(tx: Session) -> Iterator[tuple[bytes, Sight]]:
    unfit = and_(Unit.state.in_(("refused", "failed")), Unit.reason.not_in(_GONE))
    removed = and_(Unit.state == "done", Unit.video_row.is_(None))
    query = select(Unit.payload).where(Unit.stage == "looking", or_(Unit.state.in_(OPEN), unfit, removed))
    for (payload,) in tx.execute(query.execution_options(yield_per=_AT_ONCE)):
        told = json.loads(payload)
        yield base64.b64decode(told["path_bytes"]), Sight(told["size"], told["mtime_ns"])
