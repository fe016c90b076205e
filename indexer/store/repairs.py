"""Mending what `checks` found: what is derived is forgotten or made again from what it is derived from."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from indexer.domain import SegmentId, VideoId
from indexer.store import embeddings, keyframes
from indexer.store.active_segments import segment_rows
from indexer.store.active_texts import refresh_active_texts
from indexer.store.changes import next_seq
from indexer.store.row_lists import rows_in, texts_in
from indexer.store.tables import (
    CaptionTable,
    EmbeddingTable,
    SegmentTextTable,
    SpaceTable,
    VideoTable,
)
from indexer.store.video_texts import refresh_video_texts
from indexer.store.work_tables import WorkUnitTable as Unit


def choose_texts_anew(tx: Session, segments: Sequence[SegmentId]) -> None:
    """Write down anew what these segments are searched by, whatever is written now."""
    rows = list(segment_rows(tx, segments).values())
    tx.execute(delete(SegmentTextTable).where(SegmentTextTable.segment_row.in_(rows_in(tx, rows))))
    refresh_active_texts(tx, rows)


def index_names_anew(tx: Session, videos: Sequence[VideoId]) -> None:
    """Write down anew by which names and fields these videos are searched."""
    rows = select(VideoTable.row).where(VideoTable.id.in_(texts_in(tx, videos)))
    refresh_video_texts(tx, tx.execute(rows).scalars())


def forget_keyframe(tx: Session, path: str) -> None:
    """A picture (its path inside the library folder) is not there any more: its segment lacks one."""
    keyframes.forget_keyframe(tx, path)


def forget_captions(tx: Session, rows: Sequence[int]) -> None:
    """Take captions away, with their vectors. What their segments are searched by is the caller's to choose anew."""
    embeddings.bury_captions(tx, rows)
    tx.execute(delete(CaptionTable).where(CaptionTable.row.in_(rows_in(tx, rows))))


def bury_vectors(tx: Session, space: str, rows: Sequence[int]) -> None:
    """Turn these vectors into tombstones."""
    _, _, seq = next_seq(tx, SpaceTable.name == space)
    dead = update(EmbeddingTable).where(EmbeddingTable.row.in_(rows_in(tx, rows)), EmbeddingTable.vec.is_not(None))
    tx.execute(dead.values(vec=None, hub=None, seq=seq))


def forget_homeless_units(tx: Session, rows: Sequence[int]) -> None:
    tx.execute(delete(Unit).where(Unit.row.in_(rows_in(tx, rows)), Unit.video_row.is_(None), Unit.state != "running"))


def reopen(tx: Session, video: VideoId) -> None:
    """Note that something of a video is still to be made."""
    tx.execute(update(VideoTable).where(VideoTable.id == video).values(complete=False))
