"""What people wrote outlives every segmentation: each text keeps the span it was written about.

A text applies to the segment of the active segmentation that is most like its own span, if any is like it. Else its own
segment is listed beside those of the segmentation for as long as the text is to be seen, and is searched by it alone.
The caption itself moves from segment to segment; its own span is that of the segment in its `edit`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import count

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from indexer.domain import VideoId, segment_of
from indexer.store.active_segments import TILING, of_active, segment_rows
from indexer.store.import_tables import CueTable, ImportedTextTable
from indexer.store.overlaps import counterpart, intersection_over_union
from indexer.store.row_lists import insert_new, rows_in
from indexer.store.tables import (
    CaptionTable,
    EditTable,
    SegmentationSegmentTable,
    SegmentationTable,
    SegmentTable,
    VideoTable,
)
from indexer.store.tags import place_tags
from indexer.timecode import TimeRange

OVERHANG_US = 1_000_000
"""Ends are rounded: what was said to end so much beyond a video's end, ends there."""


def place_texts(tx: Session, video_row: int) -> set[int]:
    """Let the texts of people follow the active segmentation of a video. Returns the rows of the segments that may have
    got or lost one; what they are searched by is the caller's to choose anew."""
    _give_ends(tx, video_row)
    written = _written(tx, video_row)
    if not written:
        return _list_beside(tx, video_row, [])
    listed = _listed(tx, video_row)
    targets = _targets(tx, _own_spans(tx, {own for own, _, _, _ in written}), listed)
    touched, alone = set(), []
    for own, target in targets.items():
        of_own = [(caption, now, rejected) for owner, caption, now, rejected in written if owner == own]
        moved = [caption for caption, now, _ in of_own if now != target]
        tx.execute(update(CaptionTable).where(CaptionTable.row.in_(rows_in(tx, moved))).values(segment_row=target))
        touched |= {target, *(now for _, now, _ in of_own)}
        if target == own and not all(rejected for _, _, rejected in of_own) and own not in listed:
            alone.append(own)
    touched |= _list_beside(tx, video_row, alone)
    place_tags(tx, [video_row])
    return touched


def _targets(
    tx: Session, spans: Mapping[int, TimeRange | None], listed: Mapping[int, TimeRange | None]
) -> dict[int, int]:
    """{own segment of a text: the segment it is to be about}.

    Of what people write here the last word counts. Of descriptions that were imported none is to be lost behind another
    one: where several come to one segment it goes to the one most like it, and the others keep to their own.
    """
    tiling = [(row, span) for row, span in listed.items() if span is not None]
    among = [span for _, span in tiling]
    targets = {}
    for own, span in spans.items():
        place = None if span is None or own in listed else counterpart(span, among)
        targets[own] = own if place is None else tiling[place][0]
    imported = set(tx.execute(_imported(tx, spans)).scalars())
    rivals: dict[int, list[int]] = {}
    for own, target in targets.items():
        rivals.setdefault(target, []).append(own)
    for target, owners in rivals.items():
        given = [own for own in owners if own in imported]
        if len(given) == len(owners):
            given = sorted(given, key=lambda own: _unlikeness(spans[own], listed.get(target)))[1:]
        if len(owners) > 1:
            targets |= {own: own for own in given}
    return targets


def _unlikeness(span: TimeRange | None, target: TimeRange | None) -> Fraction:
    return Fraction(1) - (intersection_over_union(span, target) if span and target else 0)


def _imported(tx: Session, segment_rows: Iterable[int]) -> Select[int]:
    """Those of these segments that have imported descriptions."""
    return (
        select(ImportedTextTable.segment_row)
        .where(ImportedTextTable.segment_row.in_(rows_in(tx, segment_rows)))
        .distinct()
    )


def _written(tx: Session, video_row: int) -> list[tuple[int, int, int, bool]]:
    """(segment it was written about, caption, segment it is about now, whether it is hidden) of every text."""
    query = (
        select(EditTable.segment_row, CaptionTable.row, CaptionTable.segment_row, CaptionTable.rejected)
        .join(CaptionTable, CaptionTable.row == EditTable.caption_row)
        .join(SegmentTable, SegmentTable.row == EditTable.segment_row)
        .where(SegmentTable.video_row == video_row, EditTable.action == "write")
        .order_by(EditTable.row)
    )
    return [(own, caption, now, rejected) for own, caption, now, rejected in tx.execute(query)]


def _listed(tx: Session, video_row: int) -> dict[int, TimeRange | None]:
    """{row: span} of the segments of the active segmentation itself, in order; None where one has no end yet."""
    query = of_active(
        select(SegmentTable.row, SegmentTable.start_us, SegmentTable.end_us),
        SegmentationTable.video_row == video_row,
        TILING,
    ).order_by(SegmentationSegmentTable.ordinal)
    return {row: _span(start, end) for row, start, end in tx.execute(query)}


def _own_spans(tx: Session, rows: set[int]) -> dict[int, TimeRange | None]:
    """{segment row: its span}, in order of time."""
    query = select(SegmentTable.row, SegmentTable.start_us, SegmentTable.end_us).where(
        SegmentTable.row.in_(rows_in(tx, rows))
    )
    found = tx.execute(query.order_by(SegmentTable.start_us, SegmentTable.row))
    return {row: _span(start, end) for row, start, end in found}


def _span(start_us: int, end_us: int | None) -> TimeRange | None:
    return None if end_us is None else TimeRange(start_us, end_us)


def _list_beside(tx: Session, video_row: int, alone: Sequence[int]) -> set[int]:
    """List exactly these segments beside those of the active segmentation. Returns what was listed so before, or is."""
    active = select(SegmentationTable.row).where(SegmentationTable.video_row == video_row, SegmentationTable.active)
    segmentation = tx.execute(active).scalar()
    if segmentation is None:
        return set()
    listed = SegmentationSegmentTable.segmentation_row == segmentation
    beside = (listed, SegmentationSegmentTable.beside)
    before = set(tx.execute(select(SegmentationSegmentTable.segment_row).where(*beside)).scalars())
    if before == set(alone):
        return before
    tx.execute(delete(SegmentationSegmentTable).where(*beside))
    last = tx.execute(select(func.max(SegmentationSegmentTable.ordinal)).where(listed)).scalar()
    first = 0 if last is None else last + 1
    rows = [
        {"segmentation_row": segmentation, "segment_row": row, "ordinal": ordinal, "beside": True}
        for ordinal, row in enumerate(alone, start=first)
    ]
    insert_new(tx, SegmentationSegmentTable, rows)
    return {*before, *alone}


def _give_ends(tx: Session, video_row: int) -> None:
    """Texts and lines that go on to the end of a video whose length was not known have that end, once it is; and so
    have those that were said to end a little later."""
    video, length = tx.execute(select(VideoTable.id, VideoTable.duration_us).where(VideoTable.row == video_row)).one()
    if length is None:
        return
    loose = (
        select(SegmentTable.row, SegmentTable.start_us)
        .where(SegmentTable.video_row == video_row, _is_loose(SegmentTable.start_us, SegmentTable.end_us, length))
        .where(select(EditTable.row).where(EditTable.segment_row == SegmentTable.row).exists())
    )
    for own, start in tx.execute(loose.order_by(SegmentTable.row)).all():
        _give_end(tx, own, (VideoId(video), video_row), (start, length))
    lines = (CueTable.video_row == video_row, _is_loose(CueTable.start_us, CueTable.end_us, length))
    tx.execute(update(CueTable).where(*lines).values(end_us=length))


def _is_loose(
    start: SQLColumnExpression[int], end: SQLColumnExpression[int | None], length: int
) -> ColumnElement[bool]:
    return and_(start < length, or_(end.is_(None), and_(end > length, end <= length + OVERHANG_US)))


def _give_end(tx: Session, loose: int, video: tuple[VideoId, int], span: tuple[int, int]) -> None:
    """Let the texts of a loose segment have this span: those of people share it, and of descriptions that were imported
    none is to be lost behind another."""
    imported = bool(tx.execute(_imported(tx, [loose])).all())
    row = next(one for one in _segments_of(tx, video, span) if not (imported and _is_written_about(tx, one)))
    of_loose = EditTable.segment_row == loose
    captions = select(EditTable.caption_row).where(of_loose)
    tx.execute(update(CaptionTable).where(CaptionTable.row.in_(captions)).values(segment_row=row))
    tx.execute(update(EditTable).where(of_loose).values(segment_row=row))
    tx.execute(update(ImportedTextTable).where(ImportedTextTable.segment_row == loose).values(segment_row=row))


def _segments_of(tx: Session, video: tuple[VideoId, int], span: tuple[int, int]) -> Iterator[int]:
    """Rows of the segments of one span, one after another, entered where they are new."""
    id_, video_row = video
    for nth in count():
        segment = segment_of(id_, *span, nth=nth)
        about = {"video_row": video_row, "start_us": segment.start_us, "end_us": segment.end_us}
        insert_new(tx, SegmentTable, [{"id": segment.id, **about}])
        yield segment_rows(tx, [segment.id])[segment.id]


def _is_written_about(tx: Session, segment_row: int) -> bool:
    return bool(tx.execute(select(exists().where(EditTable.segment_row == segment_row))).scalar())
