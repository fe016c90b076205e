"""What people do to texts, with all that follows at once: what is searched now has its vector when this returns."""

from indexer.domain import SegmentId
from indexer.embedding import Embedder
from indexer.errors import UsageError
from indexer.ingest.embed import embed_new_captions
from indexer.store import Database, edits, segments
from indexer.store.edits import Edit
from indexer.store.embeddings import Part


def edit_text(database: Database, embedder: Embedder, segment: SegmentId, text: str, *, author: str) -> None:
    """Let `text` be what the segment is searched by. Raises `UsageError` as `store.edits` does."""
    with database.write(durable="now") as tx:
        edits.write_text(tx, segment, text, author=author)
    _embed(database, embedder, segment)


def reject_text(database: Database, embedder: Embedder, segment: SegmentId, *, author: str) -> None:
    """Hide the text the segment is searched by; the next one in line takes its place."""
    with database.write(durable="now") as tx:
        edits.reject(tx, segment, author=author)
    _embed(database, embedder, segment)


def undo_edit(database: Database, embedder: Embedder, segment: SegmentId, *, author: str) -> Edit:
    """Take back the last thing done to the segment's texts. Returns what that was."""
    with database.write(durable="now") as tx:
        undone = edits.undo(tx, segment, author=author)
    _embed(database, embedder, segment)
    return undone


def _embed(database: Database, embedder: Embedder, segment: SegmentId) -> None:
    """What is searched now may be a text that had no vector, or that of a segment about as long as this one."""
    with database.read() as tx:
        found = segments.find(tx, segment)
    if found is None:  # its video was removed meanwhile
        raise UsageError(f"there is no segment {segment!r} in this library any more")
    part = None if found.end_us is None else Part(found.span)
    embed_new_captions(database, embedder, video=found.video, part=part)
