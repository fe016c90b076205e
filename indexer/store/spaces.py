"""Which embedders a library is searched by: one for texts, perhaps one for pictures. Another one's vectors come beside
those that are there, and are searched when they are complete; nothing is thrown away, so going back is the same.

Each choice is a setting, so that whoever gives the last vector can see to the switch.
"""

import json
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from indexer.domain import VideoId
from indexer.store import settings
from indexer.store.active_segments import TILING, of_active
from indexer.store.changes import note_searched
from indexer.store.embeddings import ensure_space
from indexer.store.tables import (
    DerivedFileTable,
    EmbeddingTable,
    SegmentTable,
    SegmentTextTable,
    SpaceTable,
    VideoTable,
)
from indexer.store.waiting_pictures import IS_PICTURE

Sort = Literal["texts", "pictures"]
SORTS: tuple[Sort, ...] = ("texts", "pictures")


@dataclass(frozen=True, slots=True)
class Chosen:
    """An embedder, as users call it, and the space it makes vectors in."""

    embedder: str
    space: str


@dataclass(frozen=True, slots=True)
class SpaceCoverage:
    """How far one embedder is. `searched`: the library is searched by it; else it will be when it is complete."""

    sort: Sort
    embedder: str
    space: str
    searched: bool
    embedded: int  # texts that are searched, or keyframes, that have a vector
    of: int

    @property
    def share(self) -> float:
        return self.embedded / self.of if self.of else 1.0


def in_use(tx: Session, sort: Sort) -> Chosen | None:
    """What the library is searched by; None where nothing was chosen yet."""
    return _read(tx, f"{sort}_embedder")


def coming(tx: Session, sort: Sort) -> Chosen | None:
    """What is to take its place when it is complete."""
    return _read(tx, f"coming_{sort}_embedder")


def chosen(tx: Session, sort: Sort) -> list[Chosen]:
    """Those that vectors are made by: the one in use, and the coming one."""
    return [one for one in (in_use(tx, sort), coming(tx, sort)) if one is not None]


def choose(tx: Session, sort: Sort, wanted: Chosen, *, dimension: int) -> None:
    """Search by this embedder: at once where nothing is searched by yet, else when it is complete."""
    ensure_space(tx, wanted.space, dimension)
    before = in_use(tx, sort)
    if before is None or before.space == wanted.space:
        _write(tx, f"{sort}_embedder", wanted)
        settings.drop(tx, f"coming_{sort}_embedder")
        return
    _write(tx, f"coming_{sort}_embedder", wanted)
    switch_if_complete(tx, sort)


def forget(tx: Session, sort: Sort) -> None:
    """Search by no embedder of this sort, and make no more vectors; those that are there stay."""
    settings.drop(tx, f"{sort}_embedder")
    settings.drop(tx, f"coming_{sort}_embedder")


def switch_if_complete(tx: Session, sort: Sort) -> Chosen | None:
    """Search by the coming embedder if it has all that the one in use has. Returns it then."""
    before, comes = in_use(tx, sort), coming(tx, sort)
    if before is None or comes is None or _behind(tx, sort, before.space, comes.space):
        return None
    _write(tx, f"{sort}_embedder", comes)
    settings.drop(tx, f"coming_{sort}_embedder")
    note_searched(tx, None)
    return comes


def coverage(tx: Session) -> list[SpaceCoverage]:
    """How far each chosen embedder is: those of texts first, what is searched before what comes."""
    found = []
    for sort in SORTS:
        used = in_use(tx, sort)
        for one in chosen(tx, sort):
            of = tx.execute(select(func.count()).select_from(_items(sort).subquery())).scalar_one()
            having = _items(sort).where(_has_vector(sort, one.space))
            embedded = tx.execute(select(func.count()).select_from(having.subquery())).scalar_one()
            found.append(SpaceCoverage(sort, one.embedder, one.space, one == used, embedded, of))
    return found


def lacks(tx: Session, sort: Sort, space: str, video: VideoId) -> bool:
    """Whether something of a video that should have a vector in `space` has none."""
    of_video = _items(sort).where(
        SegmentTable.video_row == select(VideoTable.row).where(VideoTable.id == video).scalar_subquery()
    )
    return tx.execute(of_video.where(~_has_vector(sort, space)).limit(1)).first() is not None


def lacking(tx: Session, sort: Sort, space: str) -> list[VideoId]:
    """The videos of which something lacks a vector in `space`, the newest first."""
    short = _items(sort).where(~_has_vector(sort, space)).with_only_columns(SegmentTable.video_row)
    query = select(VideoTable.id).where(VideoTable.row.in_(short)).order_by(VideoTable.row.desc())
    return [VideoId(video) for video in tx.execute(query).scalars()]


def _behind(tx: Session, sort: Sort, before: str, comes: str) -> bool:
    """Whether something has a vector in the one space and none in the other."""
    behind = _items(sort).where(_has_vector(sort, before), ~_has_vector(sort, comes))
    return tx.execute(behind.limit(1)).first() is not None


def _items(sort: Sort) -> Select[int]:
    """Rows of what is to have vectors: captions that are searched, or keyframes of what is."""
    if sort == "texts":
        return select(SegmentTextTable.caption_row).join(SegmentTable, SegmentTable.row == SegmentTextTable.segment_row)
    return of_active(select(DerivedFileTable.row), TILING, *IS_PICTURE).join(
        DerivedFileTable, DerivedFileTable.segment_row == SegmentTable.row
    )


def _has_vector(sort: Sort, space: str) -> ColumnElement[bool]:
    item = SegmentTextTable.caption_row if sort == "texts" else DerivedFileTable.row
    in_space = select(EmbeddingTable.row).join(SpaceTable, SpaceTable.row == EmbeddingTable.space_row)
    return in_space.where(
        SpaceTable.name == space,
        EmbeddingTable.item_kind == ("caption" if sort == "texts" else "keyframe"),
        EmbeddingTable.item_id == item,
        EmbeddingTable.vec.is_not(None),
    ).exists()


def _read(tx: Session, key: str) -> Chosen | None:
    stored = settings.get(tx, key)
    return None if stored is None else Chosen(**json.loads(stored))


def _write(tx: Session, key: str, one: Chosen) -> None:
    settings.put(tx, key, json.dumps(asdict(one), ensure_ascii=False))
