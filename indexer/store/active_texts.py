"""Which text of each segment is searched: what a person wrote, else the caption of the most preferred recipe.

The choice is written down (`segment_text`), so that full text holds these texts and no others.
"""

from collections.abc import Iterable

from sqlalchemy import Subquery, case, delete, func, select
from sqlalchemy.orm import Session

from indexer.store import words
from indexer.store.recipes import HUMAN
from indexer.store.row_lists import insert_into, rows_in
from indexer.store.tables import (
    CaptionTable,
    RecipeTable,
    SegmentationSegmentTable,
    SegmentationTable,
    SegmentTable,
    SegmentTextTable,
)

_ROWS_AT_ONCE = 5000


def refresh_all_active_texts(tx: Session) -> None:
    """Choose anew for the whole library, as after a change of preference."""
    last = 0
    query = select(SegmentTable.row).order_by(SegmentTable.row).limit(_ROWS_AT_ONCE)
    while rows := tx.execute(query.where(SegmentTable.row > last)).scalars().all():
        refresh_active_texts(tx, rows)
        last = rows[-1]


def refresh_active_texts(tx: Session, segment_rows: Iterable[int]) -> None:
    """Choose anew for these segments; those of a segmentation that is not active have none."""
    rows = list(segment_rows)
    best = _ranked(tx, rows)
    chosen = {
        segment: (caption, text)
        for segment, caption, text in tx.execute(
            select(best.c.segment_row, best.c.caption_row, best.c.text).where(best.c.place == 1)
        )
    }
    before = select(SegmentTextTable.segment_row, SegmentTextTable.caption_row).where(
        SegmentTextTable.segment_row.in_(rows_in(tx, rows))
    )
    held = dict(tx.execute(before).all())
    if gone := [segment for segment in held if segment not in chosen]:
        tx.execute(delete(SegmentTextTable).where(SegmentTextTable.segment_row.in_(rows_in(tx, gone))))
    changed = [
        {
            "segment_row": segment,
            "caption_row": caption,
            "text": text,
            "tokens": words.index_text(text),
            "words": words.surface_words(text),
        }
        for segment, (caption, text) in chosen.items()
        if held.get(segment) != caption
    ]
    if changed:
        insertion = insert_into(tx, SegmentTextTable)
        new = {name: insertion.excluded[name] for name in ("caption_row", "text", "tokens", "words")}
        tx.execute(insertion.on_conflict_do_update(index_elements=["segment_row"], set_=new), changed)


def _ranked(tx: Session, segment_rows: list[int]) -> Subquery:
    """Every text these segments could be searched by, numbered from the best."""
    by_hand = RecipeTable.name == HUMAN
    order = (
        case((by_hand, 0), else_=1),
        RecipeTable.preference,
        case((by_hand, -CaptionTable.ordinal), else_=CaptionTable.ordinal),  # of a person's texts the last one
    )
    place = func.row_number().over(partition_by=CaptionTable.segment_row, order_by=order)
    return (
        select(
            CaptionTable.segment_row,
            CaptionTable.row.label("caption_row"),
            CaptionTable.text,
            place.label("place"),
        )
        .join(RecipeTable, RecipeTable.row == CaptionTable.recipe_row)
        .join(SegmentationSegmentTable, SegmentationSegmentTable.segment_row == CaptionTable.segment_row)
        .join(SegmentationTable, SegmentationTable.row == SegmentationSegmentTable.segmentation_row)
        .where(
            CaptionTable.segment_row.in_(rows_in(tx, segment_rows)),
            CaptionTable.text != "",
            ~CaptionTable.rejected,
            SegmentationTable.active,
            by_hand | RecipeTable.preference.is_not(None),
        )
        .subquery()
    )
