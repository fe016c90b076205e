"""Which videos have a spool: pictures kept while they were decoded, until their keyframes and captions are made."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from indexer.domain import Recipe, VideoId
from indexer.store.places import row_of
from indexer.store.recipes import recipe_rows
from indexer.store.row_lists import insert_into, texts_in
from indexer.store.tables import DerivedFileTable
from indexer.store.work_queue import OPEN
from indexer.store.work_tables import WorkUnitTable as Unit

RECIPE = Recipe("spool/1")
_USERS = ("decoding", "keyframes", "captioning")


def put(tx: Session, video: VideoId, *, path: str, size: int) -> None:
    """Record a spool by its path inside the library folder; `size` in bytes."""
    values = {
        "video_row": row_of(tx, video),
        "kind": "spool",
        "recipe_row": recipe_rows(tx, [RECIPE])[RECIPE],
        "path": path,
        "bytes": size,
        "state": "ready",
    }
    tx.execute(insert_into(tx, DerivedFileTable).values(values))


def path_of(tx: Session, video: VideoId) -> str | None:
    """The newest spool of a video."""
    return next(iter(paths_of(tx, video)), None)


def paths_of(tx: Session, video: VideoId) -> list[str]:
    """All spools of a video, the newest first: one that was decoded again has an older one too, until it is dropped."""
    query = select(DerivedFileTable.path).where(
        DerivedFileTable.video_row == row_of(tx, video), DerivedFileTable.kind == "spool"
    )
    return list(tx.execute(query.order_by(DerivedFileTable.row.desc())).scalars())


def used_up(tx: Session) -> list[str]:
    """The spools of videos that have no work left in which one could be of use."""
    users = select(Unit.row).where(
        Unit.video_row == DerivedFileTable.video_row, Unit.stage.in_(_USERS), Unit.state.in_(OPEN)
    )
    query = select(DerivedFileTable.path).where(DerivedFileTable.kind == "spool", ~users.exists())
    return list(tx.execute(query).scalars())


def forget(tx: Session, paths: Sequence[str]) -> None:
    tx.execute(delete(DerivedFileTable).where(DerivedFileTable.path.in_(texts_in(tx, paths))))
