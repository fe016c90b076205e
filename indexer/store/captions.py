"""Writing captions: kept for ever, one a segment, recipe and ordinal."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import and_, delete, or_
from sqlalchemy.orm import Session

from indexer.domain import Caption, Facet, SegmentId
from indexer.store.active_segments import segment_rows
from indexer.store.active_texts import refresh_active_texts
from indexer.store.recipes import recipe_rows
from indexer.store.row_lists import insert_new, rows_in
from indexer.store.tables import CaptionTable, FacetTable


def put_captions(tx: Session, captions: Sequence[Caption], facets: Mapping[SegmentId, Sequence[Facet]]) -> None:
    """Record captions and the facets they rest on, and let what is searched follow.

    What a recipe wrote on a segment stays: writing it again changes nothing. An empty text says that nothing can be
    said; it is kept, so that nobody asks again, and never searched. Facets belong to the recipe of their segment's
    caption in this call, and replace what that recipe stated before. Captions of segments that are gone are dropped.
    Raises `ValueError` for facets without a caption.
    """
    recipe_of = {caption.segment: caption.recipe for caption in captions}
    if stray := [segment for segment, stated in facets.items() if stated and segment not in recipe_of]:
        raise ValueError(f"facets need a caption of their segment, if an empty one; there is none of {stray[0]}")
    rows = segment_rows(tx, recipe_of)
    recipes = recipe_rows(tx, recipe_of.values())
    now = datetime.now(UTC).isoformat(timespec="seconds")
    insert_new(
        tx,
        CaptionTable,
        [
            {
                "segment_row": rows[caption.segment],
                "recipe_row": recipes[caption.recipe],
                "ordinal": caption.ordinal,
                "text": caption.text,
                "language": caption.language,
                "source": caption.recipe,
                "rejected": False,
                "written_at": now,
                "problem": caption.problem,
                "tokens_read": caption.cost.read if caption.cost else None,
                "tokens_written": caption.cost.written if caption.cost else None,
            }
            for caption in captions
            if caption.segment in rows
        ],
    )
    _put_facets(tx, {rows[segment]: (recipe_of[segment], facets[segment]) for segment in facets if segment in rows})
    refresh_active_texts(tx, rows.values())


def _put_facets(tx: Session, stated: Mapping[int, tuple[str, Sequence[Facet]]]) -> None:
    """Replace what each source says of each segment row: {segment row: (source, facets)}."""
    by_source: dict[str, list[int]] = {}
    for row, (source, _) in stated.items():
        by_source.setdefault(source, []).append(row)
    if by_source:
        replaced = (
            and_(FacetTable.source == source, FacetTable.segment_row.in_(rows_in(tx, rows)))
            for source, rows in by_source.items()
        )
        tx.execute(delete(FacetTable).where(or_(*replaced)))
    insert_new(
        tx,
        FacetTable,
        [
            {"segment_row": row, "name": facet.name, "value": facet.value, "source": source}
            for row, (source, facets) in stated.items()
            for facet in facets
        ],
    )
