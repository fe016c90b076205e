"""Videos: recognised by content, wherever their files lie."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import cast

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from indexer.domain import Fingerprint, Location, MediaInfo, Video, VideoId
from indexer.store import embeddings
from indexer.store.places import (
    KnownFile,
    Root,
    add_root,
    drop_location,
    known_files,
    location_at,
    locations_of,
    put_location,
    root_of,
    roots,
    row_of,
    set_online,
)
from indexer.store.recipes import HUMAN
from indexer.store.row_lists import insert_into, insert_new, rows_in, texts_in
from indexer.store.tables import (
    CaptionTable,
    DerivedFileTable,
    FingerprintTable,
    RecipeTable,
    SegmentTable,
    VideoFieldTable,
    VideoTable,
)
from indexer.store.video_texts import refresh_video_texts
from indexer.store.words import fold
from indexer.timecode import StartTimecode

__all__ = [
    "KnownFile",
    "Removed",
    "Root",
    "add",
    "add_root",
    "count_for_removal",
    "drop_location",
    "fields",
    "find",
    "finish",
    "known_files",
    "load",
    "location_at",
    "put_location",
    "remove",
    "root_of",
    "roots",
    "row_of",
    "set_duration",
    "set_fields",
    "set_online",
]

_ID_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass(frozen=True, slots=True)
class Removed:
    """What went with a video. The keyframes (paths inside the library folder) are the caller's to delete."""

    segments: int
    captions: int
    edits: int
    keyframe_paths: tuple[str, ...]


def find(tx: Session, fp: Fingerprint) -> VideoId | None:
    """The video that has this content."""
    row = tx.execute(
        select(VideoTable.id)
        .join(FingerprintTable, FingerprintTable.video_row == VideoTable.row)
        .where(FingerprintTable.size == fp.size, FingerprintTable.samples == fp.samples)
    ).scalar()
    return None if row is None else VideoId(row)


def add(tx: Session, *, info: MediaInfo, fingerprint: Fingerprint, title: str, fields: Mapping[str, str]) -> VideoId:
    """Add a video under a new id; where its content is known already (another writer was faster), return that video."""
    known = find(tx, fingerprint)
    if known is not None:
        return known
    video = VideoId("v" + "".join(secrets.choice(_ID_LETTERS) for _ in range(12)))
    insertion = insert_into(tx, VideoTable).values(id=video, title=title, **_columns(info))
    row = int(tx.execute(insertion.returning(VideoTable.row)).scalar_one())
    entered = tx.execute(
        insert_into(tx, FingerprintTable)
        .values(video_row=row, size=fingerprint.size, samples=fingerprint.samples)
        .on_conflict_do_nothing()
        .returning(FingerprintTable.row)
    ).scalar()
    if entered is None:
        tx.execute(delete(VideoTable).where(VideoTable.row == row))
        return cast("VideoId", find(tx, fingerprint))
    set_fields(tx, video, fields)
    return video


def load(tx: Session, ids: Sequence[VideoId] | None = None) -> list[Video]:
    """These videos (all without `ids`; unknown ids are left out), by title. `online` is as last noted."""
    query = select(VideoTable)
    if ids is not None:
        query = query.where(VideoTable.id.in_(texts_in(tx, ids)))
    found = tx.execute(query).scalars().all()
    locations = locations_of(tx, [video.row for video in found])
    loaded = [_video(video, locations.get(video.row, ())) for video in found]
    return sorted(loaded, key=lambda video: (fold(video.title), video.id))


def load_rows(tx: Session, video_rows: Iterable[int]) -> dict[int, Video]:
    """{video row: video}."""
    found = tx.execute(select(VideoTable).where(VideoTable.row.in_(rows_in(tx, video_rows)))).scalars().all()
    locations = locations_of(tx, [video.row for video in found])
    return {video.row: _video(video, locations.get(video.row, ())) for video in found}


def fields(tx: Session, video: VideoId) -> dict[str, str]:
    """What is stated of the whole video: {name: value}."""
    found = tx.execute(
        select(VideoFieldTable.name, VideoFieldTable.value)
        .where(VideoFieldTable.video_row == row_of(tx, video))
        .order_by(VideoFieldTable.name)
    )
    return dict(found.all())


def set_fields(tx: Session, video: VideoId, fields: Mapping[str, str]) -> None:
    """Set these fields, leaving others as they are; an empty value takes a field away."""
    row = row_of(tx, video)
    tx.execute(
        delete(VideoFieldTable).where(VideoFieldTable.video_row == row, VideoFieldTable.name.in_(texts_in(tx, fields)))
    )
    stated = [{"video_row": row, "name": name, "value": value} for name, value in fields.items() if value]
    insert_new(tx, VideoFieldTable, stated)
    refresh_video_texts(tx, {row})


def set_duration(tx: Session, video: VideoId, duration_us: int) -> None:
    """Note the true length, to the end of the last frame."""
    tx.execute(update(VideoTable).where(VideoTable.row == row_of(tx, video)).values(duration_us=duration_us))


def finish(tx: Session, video: VideoId, *, duration_us: int | None = None) -> None:
    """Note that every stage of the video's ingest has ended, and its true length where it is new."""
    if duration_us is not None:
        set_duration(tx, video, duration_us)
    tx.execute(update(VideoTable).where(VideoTable.row == row_of(tx, video)).values(complete=True))


def count_for_removal(tx: Session, video: VideoId) -> Removed:
    """What `remove` would take away."""
    row = row_of(tx, video)
    captions = _captions_of(row)
    edits = captions.join(RecipeTable, RecipeTable.row == CaptionTable.recipe_row).where(RecipeTable.name == HUMAN)
    keyframes = select(DerivedFileTable.path).where(DerivedFileTable.video_row == row)
    return Removed(
        segments=tx.execute(select(func.count()).where(SegmentTable.video_row == row)).scalar_one(),
        captions=tx.execute(select(func.count()).select_from(captions.subquery())).scalar_one(),
        edits=tx.execute(select(func.count()).select_from(edits.subquery())).scalar_one(),
        keyframe_paths=tuple(tx.execute(keyframes.order_by(DerivedFileTable.path)).scalars()),
    )


def remove(tx: Session, video: VideoId) -> Removed:
    """Take a video and all that was made of it out of the library. Its files stay where they lie."""
    removed = count_for_removal(tx, video)
    row = row_of(tx, video)
    embeddings.bury_captions(tx, list(tx.execute(_captions_of(row)).scalars()))
    tx.execute(delete(VideoTable).where(VideoTable.row == row))
    return removed


def _captions_of(video_row: int) -> Select[int]:
    return (
        select(CaptionTable.row)
        .join(SegmentTable, SegmentTable.row == CaptionTable.segment_row)
        .where(SegmentTable.video_row == video_row)
    )


def _columns(info: MediaInfo) -> dict[str, str | int | bool | None]:
    return {
        "kind": "file",
        "duration_us": None,
        "claimed_duration_us": info.claimed_duration_us,
        "width": info.width,
        "height": info.height,
        "rotation": info.rotation,
        "rate": None if info.rate is None else str(info.rate),
        "average_rate": None if info.average_rate is None else str(info.average_rate),
        "start_timecode": info.start_timecode.text if info.start_timecode else None,
        "recorded_at": info.recorded_at,
        "codec": info.codec,
        "audio_codec": info.audio_codec,
        "pixel_format": info.pixel_format,
        "container": info.container,
        "complete": False,
        "added_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _video(stored: VideoTable, locations: tuple[Location, ...]) -> Video:
    return Video(
        id=VideoId(stored.id),
        title=stored.title,
        kind=stored.kind,
        duration_us=stored.duration_us,
        width=stored.width,
        height=stored.height,
        rate=None if stored.rate is None else Fraction(stored.rate),
        start_timecode=None if stored.start_timecode is None else StartTimecode(stored.start_timecode),
        recorded_at=stored.recorded_at,
        codec=stored.codec,
        container=stored.container,
        complete=stored.complete,
        locations=locations,
    )
