"""Which text of each segment is searched: what a person wrote, else the caption of the most preferred recipe.

The choice is written down (`segment_text`), so that full text holds these texts and no others.
"""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from sqlalchemy import Subquery, case, delete, func, select
from sqlalchemy.orm import Session

from indexer.store import fulltext, tags
from indexer.store.active_segments import TILING
from indexer.store.changes import note_searched
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
_MANY = 500  # changes among so many, from which on full text is built anew: that costs half a second for 100,000


@dataclass(frozen=True, slots=True)
class _Choice:
    """`before`: {segment row: caption row} as written down; `now`: {segment row: (caption row, text)} as is right."""

    before: Mapping[int, int]
    now: Mapping[int, tuple[int, str]]

    @property
    def changed(self) -> list[int]:
        """Segments with another text than before, in order."""
        return sorted(segment for segment, (caption, _) in self.now.items() if self.before.get(segment) != caption)

    @property
    def freed(self) -> list[int]:
        """Segments whose entry goes: they have no text now, or another segment took theirs."""
        taken = {self.now[segment][0] for segment in self.changed}
        changes = set(self.changed)
        return sorted(
            segment
            for segment, caption in self.before.items()
            if segment not in self.now or (segment in changes and caption in taken)
        )

    @property
    def captions(self) -> set[int]:
        """Captions that are searched and were not, or were and are not."""
        gone = {self.before[segment] for segment in (*self.changed, *self.freed) if segment in self.before}
        return gone | {self.now[segment][0] for segment in self.changed}


def refresh_all_active_texts(tx: Session) -> None:
    """Choose anew for the whole library, as after a change of preference."""
    last, one_by_one = 0, True
    query = select(SegmentTable.row).order_by(SegmentTable.row).limit(_ROWS_AT_ONCE)
    with ExitStack() as stack:
        while rows := tx.execute(query.where(SegmentTable.row > last)).scalars().all():
            choice = _choose(tx, list(rows))
            if one_by_one and len(choice.changed) + len(choice.freed) > _MANY:
                stack.enter_context(fulltext.made_anew(tx))
                one_by_one = False
            _write(tx, choice)
            last = rows[-1]
    note_searched(tx, None)


def refresh_active_texts(tx: Session, segment_rows: Iterable[int]) -> None:
    """Choose anew for these segments; those of a segmentation that is not active have none."""
    choice = _choose(tx, list(segment_rows))
    _write(tx, choice)
    note_searched(tx, choice.captions)


def chosen_texts(tx: Session, segment_rows: Iterable[int]) -> Mapping[int, tuple[int, str]]:
    """{segment row: (caption row, text)}: what these segments are to be searched by, those that have such a text."""
    return _choose(tx, list(segment_rows)).now


def _choose(tx: Session, rows: list[int]) -> _Choice:
    best = _ranked(tx, rows)
    chosen = select(best.c.segment_row, best.c.caption_row, best.c.text).where(best.c.place == 1)
    before = select(SegmentTextTable.segment_row, SegmentTextTable.caption_row).where(
        SegmentTextTable.segment_row.in_(rows_in(tx, rows))
    )
    return _Choice(
        before=dict(tx.execute(before).all()),
        now={segment: (caption, text) for segment, caption, text in tx.execute(chosen)},
    )


def _write(tx: Session, choice: _Choice) -> None:
    if freed := choice.freed:
        tx.execute(delete(SegmentTextTable).where(SegmentTextTable.segment_row.in_(rows_in(tx, freed))))
    given = tags.tags_of_captions(tx, (choice.now[segment][0] for segment in choice.changed))
    entries = []
    for segment in choice.changed:
        caption, text = choice.now[segment]
        analysed = tags.indexed(text, given.get(caption, ()))
        entries.append({"segment_row": segment, "caption_row": caption, "text": text, **analysed})
    if entries:
        insertion = insert_into(tx, SegmentTextTable)
        new = {name: insertion.excluded[name] for name in ("caption_row", "text", "tokens", "words")}
        tx.execute(insertion.on_conflict_do_update(index_elements=["segment_row"], set_=new), entries)


def _ranked(tx: Session, segment_rows: list[int]) -> Subquery:
    """Every text these segments could be searched by, numbered from the best. What stands beside a segmentation is
    searched by what a person wrote, and by nothing else."""
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
            by_hand | (RecipeTable.preference.is_not(None) & TILING),
        )
        .subquery()
    )
