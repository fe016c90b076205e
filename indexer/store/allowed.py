"""Which segments a search may return: those that pass its filters.

Each condition finds its own rows by an index, and the lists are intersected here: a database that plans all conditions
at once may well walk through a million segments and test each. What must be read through (lengths, who wrote a text) is
asked of the few that are left, where few are.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import InstrumentedAttribute

from indexer.domain import Facet, Filters
from indexer.domain.texts import Holding
from indexer.store import cues
from indexer.store.folder_filter import videos_below
from indexer.store.gathering import each_once, gather_rows
from indexer.store.recipes import HUMAN
from indexer.store.row_lists import bytewise, rows_in, texts_in
from indexer.store.stated_values import segments_stated, videos_stated
from indexer.store.tables import (
    CaptionTable,
    RecipeTable,
    SegmentationSegmentTable,
    SegmentationTable,
    SegmentTable,
    SegmentTextTable,
    VideoTable,
)

Rows = NDArray[np.int64]
_FEW = 20_000  # so many rows are looked up one by one; more are read through


def allowed_segments(tx: Session, filters: Filters) -> Rows | None:
    """Rows (sorted) of active segments that pass; None where nothing is asked.

    Lengths are those of segments; a facet holds where the segment has it or its video has such a field.
    """
    if not filters:
        return None
    allowed: Rows | None = None
    for found in _indexed(tx, filters):
        allowed = both(allowed, found)
    for narrow in _read_through(tx, filters):
        if allowed is None or len(allowed):
            allowed = both(allowed, narrow(allowed))
    passing = _active(tx, allowed)
    for facet in filters.without:
        passing = without(tx, passing, _stated(tx, facet))
    return passing


def both(one: Rows | None, other: Rows | None) -> Rows | None:
    """Rows in both lists, where None lists every row."""
    if one is None or other is None:
        return other if one is None else one
    return np.intersect1d(one, other, assume_unique=True)


def without(tx: Session, allowed: Rows | None, excluded: Rows) -> Rows:
    """`allowed` (None: every active segment) less `excluded`, sorted."""
    return np.setdiff1d(_every_active(tx) if allowed is None else allowed, excluded, assume_unique=True)


def _indexed(tx: Session, filters: Filters) -> Iterator[Rows]:
    """The rows that satisfy each condition on videos and each facet, where an index leads to them."""
    if of_video := _of_video(tx, filters):
        yield _of_videos(tx, select(VideoTable.row).where(*of_video))
    for _, same in groupby(sorted(filters.facets, key=lambda one: one.name), key=lambda one: one.name):
        yield each_once(np.concatenate([_stated(tx, facet) for facet in same]))
    for counted in filters.at_least:
        yield _stated(tx, Facet(counted.name, f"{counted.count}+"))


def _read_through(tx: Session, filters: Filters) -> Iterator[Callable[[Rows | None], Rows]]:
    """For every other condition the function that finds the rows that satisfy it, among those given."""
    held: Sequence[Holding] = filters.has
    if filters.written_by == "human" or "description" in held:
        yield partial(_searched_by, tx, CaptionTable.recipe_row.in_(_human()))
    if filters.written_by == "machine" or "caption" in held:
        yield partial(_searched_by, tx, CaptionTable.recipe_row.not_in(_human()))
    if "speech" in held:
        yield partial(cues.segments_with, tx, "transcript")
    if "screen_text" in held:
        yield partial(cues.segments_with, tx, "screen_text")
    if filters.longer_us is not None or filters.shorter_us is not None:
        yield partial(_of_length, tx, filters)


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


def _stated(tx: Session, facet: Facet) -> Rows:
    """Segments that have the facet, active or not, and the active ones of videos with such a field."""
    of_segments = segments_stated(tx, facet)
    of_videos = videos_stated(tx, facet)
    found = [] if of_segments is None else [gather_rows(tx, of_segments)]
    if of_videos:
        found.append(_of_videos(tx, rows_in(tx, of_videos)))
    return each_once(np.concatenate(found)) if found else np.empty(0, np.int64)


def _of_videos(tx: Session, videos: Select[int]) -> Rows:
    return gather_rows(tx, _active_rows().where(SegmentationTable.video_row.in_(videos)))


def _searched_by(tx: Session, condition: ColumnElement[bool], among: Rows | None) -> Rows:
    """Segments whose text, of those they have, is one that satisfies `condition`."""
    query = select(SegmentTextTable.segment_row).join(CaptionTable, CaptionTable.row == SegmentTextTable.caption_row)
    return gather_rows(tx, _narrowed(tx, query.where(condition), SegmentTextTable.segment_row, among))


def _human() -> Select[int]:
    return select(RecipeTable.row).where(RecipeTable.name == HUMAN)


def _of_length(tx: Session, filters: Filters, among: Rows | None) -> Rows:
    """A segment without an end is as long as what is left of its video, where that is known."""
    left = select(VideoTable.duration_us).where(VideoTable.row == SegmentTable.video_row).scalar_subquery()
    length = func.coalesce(SegmentTable.end_us, left) - SegmentTable.start_us
    query = select(SegmentTable.row)
    if filters.longer_us is not None:
        query = query.where(length >= filters.longer_us)
    if filters.shorter_us is not None:
        query = query.where(length <= filters.shorter_us)
    return gather_rows(tx, _narrowed(tx, query, SegmentTable.row, among))


def _narrowed(tx: Session, query: Select[int], column: InstrumentedAttribute[int], among: Rows | None) -> Select[int]:
    return query if among is None or len(among) > _FEW else query.where(column.in_(rows_in(tx, among.tolist())))


def _active(tx: Session, rows: Rows | None) -> Rows:
    if rows is None or len(rows) > _FEW:
        every = _every_active(tx)
        return every if rows is None else np.intersect1d(rows, every, assume_unique=True)
    listed = SegmentationSegmentTable.segment_row.in_(rows_in(tx, rows.tolist()))
    return gather_rows(tx, _active_rows().where(listed))


def _every_active(tx: Session) -> Rows:
    return gather_rows(tx, _active_rows())


def _active_rows() -> Select[int]:
    return (
        select(SegmentationSegmentTable.segment_row)
        .join(SegmentationTable, SegmentationTable.row == SegmentationSegmentTable.segmentation_row)
        .where(SegmentationTable.active)
    )
