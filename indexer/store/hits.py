"""Which segments a search may return, and what a hit shows of each: one query a kind of thing, however many hits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from indexer.domain import Facet, Filters, Recipe, Segment, SegmentId, Video
from indexer.store.active_segments import of_active, video_rows
from indexer.store.details import facets_of, keyframes_of
from indexer.store.folder_filter import videos_below
from indexer.store.row_lists import bytewise, rows_in, texts_in
from indexer.store.tables import (
    CaptionTable,
    FacetTable,
    RecipeTable,
    SegmentationSegmentTable,
    SegmentTable,
    SegmentTextTable,
    VideoFieldTable,
    VideoTable,
)
from indexer.store.videos import load_rows

Rows = NDArray[np.int64]
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


def allowed_segments(tx: Session, filters: Filters) -> Rows | None:
    """Rows (sorted) of active segments that pass; None where nothing is asked. Lengths are those of segments; a facet
    holds where the segment has it or its video has a field of that name and value."""
    if not filters:
        return None
    conditions = [*_of_video(tx, filters), *_of_length(filters), *_of_facets(tx, filters.facets)]
    query = of_active(select(SegmentTable.row), *conditions).join(VideoTable, VideoTable.row == SegmentTable.video_row)
    return np.array(tx.execute(query.order_by(SegmentTable.row)).scalars().all(), np.int64)


def both(one: Rows | None, other: Rows | None) -> Rows | None:
    """Rows in both lists, where None lists every row."""
    if one is None or other is None:
        return other if one is None else one
    return np.intersect1d(one, other, assume_unique=True)


def without(tx: Session, allowed: Rows | None, excluded: Rows) -> Rows:
    """`allowed` (None: every active segment) less `excluded`, sorted."""
    if allowed is None:
        every = of_active(select(SegmentTable.row)).order_by(SegmentTable.row)
        allowed = np.array(tx.execute(every).scalars().all(), np.int64)
    return np.setdiff1d(allowed, excluded, assume_unique=True)


def load_hits(tx: Session, segment_rows: Sequence[int]) -> dict[int, StoredHit]:
    """{segment row: what is shown of it}; rows that are gone are left out."""
    texts = (
        select(SegmentTable, SegmentTextTable.text, RecipeTable.name)
        .outerjoin(SegmentTextTable, SegmentTextTable.segment_row == SegmentTable.row)
        .outerjoin(CaptionTable, CaptionTable.row == SegmentTextTable.caption_row)
        .outerjoin(RecipeTable, RecipeTable.row == CaptionTable.recipe_row)
        .where(SegmentTable.row.in_(rows_in(tx, segment_rows)))
    )
    found = {segment.row: (segment, text, recipe) for segment, text, recipe in tx.execute(texts)}
    video_of = {row: segment.video_row for row, (segment, _, _) in found.items()}
    videos = load_rows(tx, set(video_of.values()))
    fields = _fields_of(tx, videos)
    facets = facets_of(tx, found)
    keyframes = keyframes_of(tx, found)
    hits = {}
    for row, (stored, text, recipe) in found.items():
        video = videos[stored.video_row]
        keyframe = next(iter(keyframes.get(row, ())), None)
        hits[row] = StoredHit(
            segment=Segment(SegmentId(stored.id), video.id, stored.start_us, stored.end_us),
            video=video,
            text=text or "",
            recipe=None if recipe is None else Recipe(recipe),
            keyframe_path=None if keyframe is None else keyframe.path,
            placeholder=None if keyframe is None else keyframe.placeholder,
            facets=tuple(facets.get(row, ())),
            fields=fields.get(stored.video_row, {}),
        )
    return hits


def videos_of(tx: Session, segment_rows: Iterable[int]) -> dict[int, int]:
    """{segment row: row of its video}."""
    return video_rows(tx, segment_rows)


def segments_of_videos(tx: Session, video_rows: Sequence[int], *, allowed: Rows | None) -> dict[int, list[int]]:
    """{video row: rows of its active segments that are allowed, in order of time}."""
    query = of_active(
        select(SegmentTable.video_row, SegmentTable.row), SegmentTable.video_row.in_(rows_in(tx, video_rows))
    )
    passing = None if allowed is None else set(allowed.tolist())
    found: dict[int, list[int]] = {}
    for video, segment in tx.execute(query.order_by(SegmentTable.video_row, *_IN_TIME)):
        if passing is None or segment in passing:
            found.setdefault(video, []).append(segment)
    return found


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


def _of_video(tx: Session, filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.videos:
        conditions.append(VideoTable.id.in_(texts_in(tx, filters.videos)))
    if filters.folder is not None:
        conditions.append(VideoTable.row.in_(videos_below(tx, filters.folder)))
    recorded = bytewise(tx, VideoTable.recorded_at)
    if filters.recorded_from is not None:
        conditions.append(recorded >= filters.recorded_from)
    if filters.recorded_to is not None:
        conditions.append(func.substr(recorded, 1, len(filters.recorded_to)) <= filters.recorded_to)
    return conditions


def _of_length(filters: Filters) -> list[ColumnElement[bool]]:
    """A segment without an end is as long as what is left of its video, where that is known."""
    length = func.coalesce(SegmentTable.end_us, VideoTable.duration_us) - SegmentTable.start_us
    conditions: list[ColumnElement[bool]] = []
    if filters.longer_us is not None:
        conditions.append(length >= filters.longer_us)
    if filters.shorter_us is not None:
        conditions.append(length <= filters.shorter_us)
    return conditions


def _of_facets(tx: Session, facets: Sequence[Facet]) -> list[ColumnElement[bool]]:
    """One condition a name: any of its values, on the segment or on its video (there in any case)."""
    values: dict[str, list[str]] = {}
    for facet in facets:
        values.setdefault(facet.name, []).append(facet.value)
    conditions: list[ColumnElement[bool]] = []
    for name, wanted in values.items():
        of_segment = select(FacetTable.segment_row).where(
            FacetTable.name == name, FacetTable.value.in_(texts_in(tx, wanted))
        )
        of_video = select(VideoFieldTable.video_row).where(
            VideoFieldTable.name == name,
            func.lower(VideoFieldTable.value).in_(texts_in(tx, [value.lower() for value in wanted])),
        )
        condition: ColumnElement[bool] = SegmentTable.row.in_(of_segment)
        if videos := tx.execute(of_video).scalars().all():  # an OR costs time, and is seldom needed
            condition = or_(condition, SegmentTable.video_row.in_(rows_in(tx, videos)))
        conditions.append(condition)
    return conditions


def _fields_of(tx: Session, video_rows: Iterable[int]) -> dict[int, dict[str, str]]:
    """{video row: {name: value}}, names in order."""
    query = (
        select(VideoFieldTable.video_row, VideoFieldTable.name, VideoFieldTable.value)
        .where(VideoFieldTable.video_row.in_(rows_in(tx, video_rows)))
        .order_by(VideoFieldTable.name)
    )
    found: dict[int, dict[str, str]] = {}
    for row, name, value in tx.execute(query):
        found.setdefault(row, {})[name] = value
    return found
