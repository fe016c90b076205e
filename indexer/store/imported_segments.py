"""The segments of videos that are known by their texts alone: as these were given, overlapping or not."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from indexer.domain import Recipe, VideoId, segment_of
from indexer.store import cues
from indexer.store.active_segments import TILING, of_active, segment_rows
from indexer.store.cue_groups import Span, group_lines
from indexer.store.import_tables import ImportedTextTable
from indexer.store.kept_texts import place_texts
from indexer.store.recipes import recipe_rows
from indexer.store.row_lists import insert_new, rows_in
from indexer.store.tables import SegmentationSegmentTable, SegmentationTable, SegmentTable

RECIPE = Recipe("import/1")


def list_segments(tx: Session, videos: Mapping[int, VideoId]) -> set[int]:
    """Let these videos, {row: id}, have a segment for each of their descriptions, and for what is said where nothing is
    described; one that has neither has one that stands for all of it. Returns the rows of the segments that are listed
    now and were not, or were and are not."""
    wanted = _wanted(tx, videos)
    listed = _listed(tx, videos)
    changed = {video: rows for video, rows in wanted.items() if rows != listed.get(video, [])}
    if not changed:
        return set()
    segmentations = _segmentations(tx, changed)
    _relist(tx, {segmentations[video]: (listed.get(video, []), rows) for video, rows in changed.items()})
    touched = {row for video, rows in changed.items() for row in {*rows} ^ {*listed.get(video, ())}}
    for video, rows in changed.items():
        if set(listed.get(video, ())) - set(rows):  # somebody may have written about one that is listed no more
            touched |= place_texts(tx, video)
    return touched


def _relist(tx: Session, changed: Mapping[int, tuple[Sequence[int], Sequence[int]]]) -> None:
    """{segmentation: (rows it lists, rows it is to list)}. What both begin with stays as it is: much is entered in
    order of time, part after part."""
    gone: list[int] = []
    entries: list[dict[str, int]] = []
    for segmentation, (before, now) in changed.items():
        pairs = enumerate(zip(before, now, strict=False))
        same = next((at for at, (one, other) in pairs if one != other), min(len(before), len(now)))
        gone += before[same:]
        entries += [
            {"segmentation_row": segmentation, "segment_row": row, "ordinal": ordinal}
            for ordinal, row in enumerate(now[same:], start=same)
        ]
    relisted = SegmentationSegmentTable.segmentation_row.in_(rows_in(tx, changed))
    fresh = SegmentationSegmentTable.segment_row.in_(rows_in(tx, [*gone, *(one["segment_row"] for one in entries)]))
    tx.execute(delete(SegmentationSegmentTable).where(relisted, fresh))
    insert_new(tx, SegmentationSegmentTable, entries)


def _wanted(tx: Session, videos: Mapping[int, VideoId]) -> dict[int, list[int]]:
    """{video row: rows of the segments it is to have, in order}."""
    described = _described(tx, videos)
    said = cues.spans(tx, list(videos))
    groups: dict[int, list[Span]] = {}
    for video in videos:
        timed = [span for span, _ in described.get(video, ()) if span != (0, None)]
        groups[video] = group_lines(said.get(video, ()), timed)
        if not described.get(video) and not groups[video]:
            groups[video] = [(0, None)]
    rows = _segment_rows(tx, videos, groups)
    wanted = {}
    for video in videos:
        of_video = dict.fromkeys([*described.get(video, ()), *((span, rows[video, span]) for span in groups[video])])
        wanted[video] = list(dict.fromkeys(row for _, row in sorted(of_video, key=_in_time)))
    return wanted


def _described(tx: Session, videos: Mapping[int, VideoId]) -> dict[int, list[tuple[Span, int]]]:
    """{video row: (span, segment row) of its descriptions}."""
    query = (
        select(SegmentTable.video_row, SegmentTable.start_us, SegmentTable.end_us, SegmentTable.row)
        .join(ImportedTextTable, ImportedTextTable.segment_row == SegmentTable.row)
        .where(SegmentTable.video_row.in_(rows_in(tx, videos)))
        .distinct()
    )
    found: dict[int, list[tuple[Span, int]]] = {}
    for video, start, end, row in tx.execute(query):
        found.setdefault(video, []).append(((start, end), row))
    return found


def _in_time(one: tuple[Span, int]) -> tuple[int, bool, int, int]:
    (start, end), row = one
    return start, end is None, end or 0, row


def _segment_rows(
    tx: Session, videos: Mapping[int, VideoId], spans: Mapping[int, Sequence[Span]]
) -> dict[tuple[int, Span], int]:
    """{(video row, span): row of its segment}, entered where it is new."""
    ids = {(row, span): segment_of(videos[row], *span).id for row, listed in spans.items() for span in listed}
    insert_new(
        tx,
        SegmentTable,
        [{"id": id_, "video_row": row, "start_us": span[0], "end_us": span[1]} for (row, span), id_ in ids.items()],
    )
    rows = segment_rows(tx, ids.values())
    return {place: rows[id_] for place, id_ in ids.items()}


def _listed(tx: Session, videos: Mapping[int, VideoId]) -> dict[int, list[int]]:
    """{video row: rows of the segments it has, in order}; videos that have no segmentation yet are left out."""
    query = of_active(
        select(SegmentationTable.video_row, SegmentTable.row),
        SegmentationTable.video_row.in_(rows_in(tx, videos)),
        TILING,
    )
    found: dict[int, list[int]] = {}
    for video, row in tx.execute(query.order_by(SegmentationTable.row, SegmentationSegmentTable.ordinal)):
        found.setdefault(video, []).append(row)
    return found


def _segmentations(tx: Session, videos: Mapping[int, object]) -> dict[int, int]:
    """{video row: row of its segmentation}, made where there is none."""
    recipe = recipe_rows(tx, [RECIPE])[RECIPE]
    made = [{"video_row": row, "recipe_row": recipe, "origin": "imported", "active": True} for row in videos]
    insert_new(tx, SegmentationTable, made)
    query = select(SegmentationTable.video_row, SegmentationTable.row).where(
        SegmentationTable.video_row.in_(rows_in(tx, videos)), SegmentationTable.recipe_row == recipe
    )
    return dict(tx.execute(query).all())
