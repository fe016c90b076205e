"""Tags of moments: single words and names that were given with an imported description. They are facets to filter by,
and are found as words of the description's segment."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from indexer.store import words
from indexer.store.import_tables import ImportedTextTable
from indexer.store.recipes import HUMAN
from indexer.store.row_lists import insert_new, rows_in
from indexer.store.tables import CaptionTable, FacetTable, SegmentTable

FACET = "tag"


def written(tags: Iterable[str]) -> str:
    """Tags as they are stored."""
    return "\n".join(dict.fromkeys(tags))


def read(stored: str) -> list[str]:
    return stored.split("\n") if stored else []


def tags_of_captions(tx: Session, caption_rows: Iterable[int]) -> dict[int, list[str]]:
    """{caption row: the tags of what was imported into it}; captions without any are left out."""
    query = (
        select(ImportedTextTable.caption_row, ImportedTextTable.tags)
        .where(ImportedTextTable.caption_row.in_(rows_in(tx, caption_rows)), ImportedTextTable.tags != "")
        .order_by(ImportedTextTable.row)
    )
    found: dict[int, dict[str, None]] = {}
    for row, tags in tx.execute(query):
        found.setdefault(row, {}).update(dict.fromkeys(read(tags)))
    return {row: list(tags) for row, tags in found.items()}


def indexed(text: str, tags: Sequence[str]) -> dict[str, str]:
    """What full text is to hold of a segment's text and tags, by column. No phrase runs from one into the other."""
    parts = [part for part in (text, *tags) if part]
    return {
        "tokens": f" {words.BREAK} ".join(filter(None, map(words.index_text, parts))),
        "words": words.surface_words("\n".join(parts)),
    }


def place_tags(tx: Session, video_rows: Sequence[int]) -> None:
    """Let the facets of these videos' segments follow where their imported descriptions are now."""
    wanted = _wanted(tx, video_rows)
    query = (
        select(FacetTable.row, FacetTable.segment_row, FacetTable.value)
        .join(SegmentTable, SegmentTable.row == FacetTable.segment_row)
        .where(SegmentTable.video_row.in_(rows_in(tx, video_rows)))
        .where(FacetTable.name == FACET, FacetTable.source == HUMAN)
    )
    there = {(segment, tag): row for row, segment, tag in tx.execute(query)}
    if gone := [row for place, row in there.items() if place not in wanted]:
        tx.execute(delete(FacetTable).where(FacetTable.row.in_(rows_in(tx, gone))))
    new = [place for place in wanted if place not in there]
    facets = [{"segment_row": row, "name": FACET, "value": tag, "source": HUMAN} for row, tag in new]
    insert_new(tx, FacetTable, facets)


def _wanted(tx: Session, video_rows: Sequence[int]) -> Mapping[tuple[int, str], None]:
    """(segment row, tag) of every description that is not hidden, in order."""
    query = (
        select(CaptionTable.segment_row, ImportedTextTable.tags)
        .join(CaptionTable, CaptionTable.row == ImportedTextTable.caption_row)
        .join(SegmentTable, SegmentTable.row == CaptionTable.segment_row)
        .where(SegmentTable.video_row.in_(rows_in(tx, video_rows)), ~CaptionTable.rejected)
        .where(ImportedTextTable.tags != "")
        .order_by(ImportedTextTable.row)
    )
    return {(row, tag): None for row, tags in tx.execute(query) for tag in read(tags)}
