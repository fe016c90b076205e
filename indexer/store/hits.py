"""What a hit shows of a segment: one query a kind of thing, however many hits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from indexer.domain import Facet, Recipe, Segment, Video
from indexer.store.active_segments import of_active, video_rows
from indexer.store.allowed import Rows
from indexer.store.details import facets_of, keyframes_of
from indexer.store.row_lists import Dialect, bound, dialect_of, rows_bound, rows_in
from indexer.store.spans import StoredSpan, spans_of
from indexer.store.tables import (
    FacetTable,
    SegmentationSegmentTable,
    SegmentTable,
    VideoFieldTable,
)
from indexer.store.videos import load_rows

_VIDEOS_AT_ONCE = 50
_IN_TIME = (SegmentTable.start_us, SegmentationSegmentTable.ordinal)


@dataclass(frozen=True, slots=True)
class StoredHit:
    """What is shown of a segment. `text` and `recipe` are those it is searched by: "" and None where it has none."""

    segment: Segment
    video: Video
    text: str
    recipe: Recipe | None
    keyframe_path: str | None  # inside the library folder
    placeholder: bytes | None  # a tiny copy of that picture
    facets: tuple[Facet, ...]
    fields: dict[str, str]


def load_hits(tx: Session, segment_rows: Iterable[int]) -> dict[int, StoredHit]:
    """{segment row: what is shown of it}; rows that are gone are left out."""
    return hits_of(tx, spans_of(tx, segment_rows).values())


def hits_of(tx: Session, spans: Iterable[StoredSpan]) -> dict[int, StoredHit]:
    """As `load_hits`, of segments of which much is known already."""
    shown = {span.row: span for span in spans}
    videos = load_rows(tx, {span.video_row for span in shown.values()})
    fields = _fields_of(tx, videos)
    facets = facets_of(tx, shown)
    keyframes = keyframes_of(tx, shown)
    hits = {}
    for row, span in shown.items():
        video = videos[span.video_row]
        keyframe = next(iter(keyframes.get(row, ())), None)
        hits[row] = StoredHit(
            segment=Segment(span.id, video.id, span.start_us, span.end_us),
            video=video,
            text=span.text,
            recipe=None if span.recipe is None else Recipe(span.recipe),
            keyframe_path=None if keyframe is None else keyframe.path,
            placeholder=None if keyframe is None else keyframe.placeholder,
            facets=tuple(facets.get(row, ())),
            fields=fields.get(span.video_row, {}),
        )
    return hits


def videos_of(tx: Session, segment_rows: Iterable[int]) -> dict[int, int]:
    """{segment row: row of its video}."""
    return video_rows(tx, segment_rows)


def segments_of_videos(tx: Session, video_rows: Sequence[int], *, allowed: Rows | None) -> dict[int, list[int]]:
    """{video row: rows of its active segments that are allowed, in order of time}."""
    passing = None if allowed is None else set(allowed.tolist())
    found: dict[int, list[int]] = {}
    for video, segment in tx.execute(_of_videos(dialect_of(tx)), bound(tx, video_rows)):
        if passing is None or segment in passing:
            found.setdefault(video, []).append(segment)
    return found


def first_segments_of_videos(
    tx: Session, video_rows: Sequence[int], *, most: int, allowed: Rows | None = None
) -> list[int]:
    """As `segments_of_videos`, as one list in the order of the videos, cut off at `most`.

    Some videos are asked for at a time, so that hundreds of long ones cost no more than what is taken of them.
    """
    listed: list[int] = []
    for start in range(0, len(video_rows), _VIDEOS_AT_ONCE):
        some = video_rows[start : start + _VIDEOS_AT_ONCE]
        found = segments_of_videos(tx, some, allowed=allowed)
        listed += chain.from_iterable(found.get(video, ()) for video in some)
        if len(listed) >= most:
            break
    return listed[:most]


def facet_counts(tx: Session) -> dict[str, dict[str, int]]:
    """{name: {value: active segments that have it}}, names in order, the commonest value first."""
    count = func.count(FacetTable.segment_row.distinct())
    query = of_active(select(FacetTable.name, FacetTable.value, count)).join(
        FacetTable, FacetTable.segment_row == SegmentTable.row
    )
    found: dict[str, dict[str, int]] = {}
    grouped = tx.execute(query.group_by(FacetTable.name, FacetTable.value)).all()
    for name, value, number in sorted(grouped, key=lambda one: (one[0], -one[2], one[1])):
        found.setdefault(name, {})[value] = number
    return found


def browse(tx: Session, *, allowed: Rows | None, limit: int) -> list[int]:
    """Rows of active segments, of the newest video first, in order of time inside each."""
    query = of_active(select(SegmentTable.row))
    if allowed is not None:
        query = query.where(SegmentTable.row.in_(rows_in(tx, allowed.tolist())))
    return list(tx.execute(query.order_by(SegmentTable.video_row.desc(), *_IN_TIME).limit(limit)).scalars())


def browse_videos(tx: Session, *, allowed: Rows | None, limit: int) -> dict[int, list[int]]:
    """{video row: rows of its allowed active segments, in order of time} of the newest videos that have any."""
    query = of_active(select(SegmentTable.video_row).distinct())
    if allowed is not None:
        query = query.where(SegmentTable.row.in_(rows_in(tx, allowed.tolist())))
    newest = list(tx.execute(query.order_by(SegmentTable.video_row.desc()).limit(limit)).scalars())
    found = segments_of_videos(tx, newest, allowed=allowed)
    return {video: found[video] for video in newest}


def _fields_of(tx: Session, video_rows: Iterable[int]) -> dict[int, dict[str, str]]:
    """{video row: {name: value}}, names in order."""
    found: dict[int, dict[str, str]] = {}
    for row, name, value in tx.execute(_fields(dialect_of(tx)), bound(tx, video_rows)):
        found.setdefault(row, {})[name] = value
    return found


@cache
def _of_videos(dialect: Dialect) -> Select[int, int]:
    listed = SegmentTable.video_row.in_(rows_bound(dialect))
    query = of_active(select(SegmentTable.video_row, SegmentTable.row), listed)
    return query.order_by(SegmentTable.video_row, *_IN_TIME)


@cache
def _fields(dialect: Dialect) -> Select[int, str, str]:
    listed = VideoFieldTable.video_row.in_(rows_bound(dialect))
    query = select(VideoFieldTable.video_row, VideoFieldTable.name, VideoFieldTable.value).where(listed)
    return query.order_by(VideoFieldTable.name)
