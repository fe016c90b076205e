"""Videos: recognised by content, wherever their files lie."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache
from typing import cast

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from indexer.domain import Decoded, Fingerprint, Location, MediaInfo, Stretch, Video, VideoId
from indexer.store import embeddings
from indexer.store.jobs import forget_units
from indexer.store.keyframes import rows_of_keyframes
from indexer.store.places import (
    KnownFile,
    clear_place,
    drop_location,
    files_of,
    known_files,
    location_at,
    locations_of,
    put_location,
    row_of,
    set_online,
)
from indexer.store.recipes import HUMAN
from indexer.store.row_lists import Dialect, bound, bytewise, dialect_of, insert_into, insert_new, rows_bound, texts_in
from indexer.store.tables import (
    CaptionTable,
    DerivedFileTable,
    FingerprintTable,
    RecipeTable,
    SegmentTable,
    StretchTable,
    VideoFieldTable,
    VideoTable,
)
from indexer.store.video_texts import refresh_video_texts
from indexer.store.words import fold
from indexer.timecode import StartTimecode

__all__ = [
    "KnownFile",
    "Removed",
    "add",
    "add_fingerprint",
    "claimed_duration_us",
    "clear_place",
    "complete_ids",
    "count_for_removal",
    "decoded",
    "drop_location",
    "fields",
    "files_of",
    "find",
    "finish",
    "first_and_last_day",
    "has_footage",
    "known_files",
    "load",
    "location_at",
    "put_location",
    "remove",
    "row_of",
    "set_decoded",
    "set_facts",
    "set_fields",
    "set_online",
    "stream_of",
    "stretches",
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


def stream_of(tx: Session, fp: Fingerprint) -> int | None:
    """Which stream of such a file is the video; None for content that is not known."""
    return tx.execute(
        select(FingerprintTable.stream_index).where(
            FingerprintTable.size == fp.size, FingerprintTable.samples == fp.samples
        )
    ).scalar()


def add(tx: Session, *, info: MediaInfo, fingerprint: Fingerprint, title: str, fields: Mapping[str, str]) -> VideoId:
    """Add a video under a new id; where its content is known already (another writer was faster), return that video."""
    known = find(tx, fingerprint)
    if known is not None:
        return known
    video = VideoId("v" + "".join(secrets.choice(_ID_LETTERS) for _ in range(12)))
    now = datetime.now(UTC).isoformat(timespec="seconds")
    entry = {"id": video, "kind": "file", "title": title, "complete": False, "added_at": now}
    insertion = insert_into(tx, VideoTable).values(**entry, **_columns(info))
    row = int(tx.execute(insertion.returning(VideoTable.row)).scalar_one())
    if add_fingerprint(tx, video, fingerprint, stream_index=info.stream_index) != video:
        tx.execute(delete(VideoTable).where(VideoTable.row == row))
        return cast("VideoId", find(tx, fingerprint))
    set_fields(tx, video, fields)
    return video


def add_fingerprint(tx: Session, video: VideoId, fp: Fingerprint, *, stream_index: int) -> VideoId:
    """Note that content with this fingerprint is `video`; returns the video that it is from now on: where it is
    another one's already (another writer was faster), it stays that one's."""
    tx.execute(
        insert_into(tx, FingerprintTable)
        .values(video_row=row_of(tx, video), size=fp.size, samples=fp.samples, stream_index=stream_index)
        .on_conflict_do_nothing()
    )
    return cast("VideoId", find(tx, fp))


def load(tx: Session, ids: Sequence[VideoId] | None = None) -> list[Video]:
    """These videos (all without `ids`; unknown ids are left out), by title. `online` is as last noted."""
    query = select(VideoTable)
    if ids is not None:
        query = query.where(VideoTable.id.in_(texts_in(tx, ids)))
    found = tx.execute(query).scalars().all()
    locations = locations_of(tx, [video.row for video in found])
    loaded = [_video(video, locations.get(video.row, ())) for video in found]
    return sorted(loaded, key=lambda video: (fold(video.title), video.id))


def has_footage(tx: Session, video: VideoId) -> bool:
    """Whether it is more than a name in an archive's texts: a file of it was seen, wherever that is now."""
    return tx.execute(select(VideoTable.kind).where(VideoTable.row == row_of(tx, video))).scalar() != "imported"


def complete_ids(tx: Session) -> set[VideoId]:
    """The videos every stage of whose ingest has ended."""
    return {VideoId(id_) for id_ in tx.execute(select(VideoTable.id).where(VideoTable.complete)).scalars()}


def load_rows(tx: Session, video_rows: Iterable[int]) -> dict[int, Video]:
    """{video row: video}."""
    found = tx.execute(_of_rows(dialect_of(tx)), bound(tx, video_rows)).scalars().all()
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


def first_and_last_day(tx: Session) -> tuple[str, str] | None:
    """When the oldest and the newest footage were recorded: `1987-04-12`, or as much of it as is known. None where
    nothing is."""
    recorded = bytewise(tx, VideoTable.recorded_at)
    first, last = tx.execute(select(func.min(recorded), func.max(recorded))).one()
    return None if first is None or last is None else (first[:10], last[:10])


def set_fields(tx: Session, video: VideoId, fields: Mapping[str, str]) -> None:
    """Set these fields, leaving others as they are; an empty value takes a field away."""
    row = row_of(tx, video)
    tx.execute(
        delete(VideoFieldTable).where(VideoFieldTable.video_row == row, VideoFieldTable.name.in_(texts_in(tx, fields)))
    )
    stated = [{"video_row": row, "name": name, "value": value} for name, value in fields.items() if value]
    insert_new(tx, VideoFieldTable, stated)
    refresh_video_texts(tx, {row})


def set_facts(tx: Session, video: VideoId, info: MediaInfo, *, title: str | None = None) -> None:
    """Note what a file of `video` states now. What it does not state stays as it was, and so does what was decoded."""
    stated = {name: value for name, value in _columns(info).items() if value is not None}
    stated.pop("rate", None)  # that was decoded
    if title is not None:
        stated["title"] = title
    row = row_of(tx, video)
    tx.execute(update(VideoTable).where(VideoTable.row == row).values(**stated))
    refresh_video_texts(tx, {row})


def set_decoded(tx: Session, video: VideoId, decoded: Decoded) -> None:
    """Note what decoding told, in place of what the header claims: length, frames, rate, stretches of the clock."""
    row = row_of(tx, video)
    told = {
        "duration_us": decoded.end_us,
        "frames": decoded.frames,
        "reading": decoded.reading,
        "rate": None if decoded.rate is None else str(decoded.rate),
    }
    tx.execute(update(VideoTable).where(VideoTable.row == row).values(**told))
    tx.execute(delete(StretchTable).where(StretchTable.video_row == row))
    told_stretches = [{"video_row": row, "t_us": one.t_us, "stream_us": one.stream_us} for one in decoded.stretches]
    insert_new(tx, StretchTable, told_stretches)


def claimed_duration_us(tx: Session, video: VideoId) -> int | None:
    """How long its header says it is."""
    return tx.execute(select(VideoTable.claimed_duration_us).where(VideoTable.id == video)).scalar()


def decoded(tx: Session, video: VideoId) -> Decoded | None:
    """What decoding told of `video`; None for one whose frames were never counted."""
    stored = tx.execute(select(VideoTable).where(VideoTable.row == row_of(tx, video))).scalar_one()
    if stored.frames is None or stored.duration_us is None:
        return None
    rate = None if stored.rate is None else Fraction(stored.rate)
    return Decoded(stored.frames, stored.duration_us, rate, stretches(tx, video), stored.reading or "fast")


def stretches(tx: Session, video: VideoId) -> tuple[Stretch, ...]:
    """How our time maps to the file's own clock, in order; empty where it was never noted."""
    found = tx.execute(
        select(StretchTable.t_us, StretchTable.stream_us)
        .where(StretchTable.video_row == row_of(tx, video))
        .order_by(StretchTable.t_us)
    )
    return tuple(Stretch(t_us, stream_us) for t_us, stream_us in found)


def finish(tx: Session, video: VideoId) -> None:
    """Note that every stage of the video's ingest has ended."""
    tx.execute(update(VideoTable).where(VideoTable.row == row_of(tx, video)).values(complete=True))


def count_for_removal(tx: Session, video: VideoId) -> Removed:
    """What `remove` would take away."""
    row = row_of(tx, video)
    captions = _captions_of(row)
    edits = captions.join(RecipeTable, RecipeTable.row == CaptionTable.recipe_row).where(RecipeTable.name == HUMAN)
    keyframes = select(DerivedFileTable.path).where(
        DerivedFileTable.video_row == row, DerivedFileTable.kind == "keyframe"
    )
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
    embeddings.bury_keyframes(tx, rows_of_keyframes(tx, row))
    forget_units(tx, video)
    tx.execute(delete(VideoTable).where(VideoTable.row == row))
    return removed


@cache
def _of_rows(dialect: Dialect) -> Select[VideoTable]:
    return select(VideoTable).where(VideoTable.row.in_(rows_bound(dialect)))


def _captions_of(video_row: int) -> Select[int]:
    return (
        select(CaptionTable.row)
        .join(SegmentTable, SegmentTable.row == CaptionTable.segment_row)
        .where(SegmentTable.video_row == video_row)
    )


def _columns(info: MediaInfo) -> dict[str, str | int | bool | None]:
    """What a file states, as `video` keeps it."""
    return {
        "claimed_duration_us": info.claimed_duration_us,
        "width": info.width,
        "height": info.height,
        "rotation": info.rotation,
        "rate": None if info.rate is None else str(info.rate),
        "average_rate": None if info.average_rate is None else str(info.average_rate),
        "start_timecode": info.start_timecode.text if info.start_timecode else None,
        "timecode_source": info.timecode_source,
        "recorded_at": info.recorded_at,
        "codec": info.codec,
        "audio_codec": info.audio_codec,
        "audio_stream_index": info.audio_stream_index,
        "pixel_format": info.pixel_format,
        "pixel_shape": str(info.pixel_shape),
        "transfer": info.transfer,
        "interlaced": info.interlaced,
        "start_us": info.start_us,
        "container": info.container,
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
