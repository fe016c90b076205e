"""Change numbers of spaces: who keeps something of a space in memory compares them to know whether it still holds."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from indexer.store.row_lists import rows_in
from indexer.store.tables import EmbeddingTable, SpaceTable


def next_seq(tx: Session, which: ColumnElement[bool]) -> tuple[int, int, int]:
    """(row, dimension, new change number) of a space. The update locks the space until the commit."""
    found = tx.execute(
        update(SpaceTable)
        .where(which)
        .values(change_seq=SpaceTable.change_seq + 1)
        .returning(SpaceTable.row, SpaceTable.dimension, SpaceTable.change_seq)
    ).one()
    return found.row, found.dimension, found.change_seq


def note_searched(tx: Session, captions: Collection[int] | None) -> None:
    """Raise the numbers of the spaces that have vectors of these captions (None: of all spaces): other texts than
    before are searched, though no vector changed. Readers look again at which vectors count."""
    spaces = select(SpaceTable.row)
    if captions is not None:
        if not captions:
            return
        of_captions = (
            EmbeddingTable.item_kind == "caption",
            EmbeddingTable.item_id.in_(rows_in(tx, captions)),
            EmbeddingTable.vec.is_not(None),
        )
        spaces = select(EmbeddingTable.space_row).where(*of_captions).distinct()
    rows = sorted(tx.execute(spaces).scalars())
    for row in rows:
        next_seq(tx, SpaceTable.row == row)
