"""Published indexes of words. As with those of vectors the row is the publication, and a file no row names is
rubbish."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from indexer.domain import WrittenFile
from indexer.store import text_changes
from indexer.store.row_lists import insert_into
from indexer.store.word_tables import WordGenerationTable


@dataclass(frozen=True, slots=True)
class WordGeneration:
    """One published file: the words of all texts of segments as they were at the number `seq` of changes."""

    row: int
    seq: int
    count: int  # of texts
    file: WrittenFile


def latest_words(tx: Session) -> WordGeneration | None:
    return next(iter(word_generations(tx)), None)


def word_generations(tx: Session) -> list[WordGeneration]:
    """The newest first."""
    newest_first = select(WordGenerationTable).order_by(WordGenerationTable.row.desc())
    return [
        WordGeneration(one.row, one.seq, one.count, WrittenFile(one.file, one.bytes, one.sha256))
        for one in tx.execute(newest_first).scalars()
    ]


def add_words(tx: Session, file: WrittenFile, *, seq: int, count: int) -> bool:
    """Publish a file that is written and synced. False, and nothing done, where a newer one is published already: the
    file is then the caller's to delete."""
    newest = latest_words(tx)
    if newest is not None and newest.seq > seq:
        return False
    row = {"seq": seq, "count": count, "file": file.file, "bytes": file.bytes, "sha256": file.sha256}
    tx.execute(insert_into(tx, WordGenerationTable).values(row))
    return True


def drop_old_words(tx: Session, *, keep: int, distrusted: Collection[int] = ()) -> list[str]:
    """Forget all but the newest `keep` publications, those of the rows `distrusted`, and the changes that every kept
    one has seen; where none is kept, all of them.

    Returns the files that nobody names any more; delete them after this transaction is committed.
    """
    listed = word_generations(tx)
    kept = [one for one in listed if one.row not in distrusted][:keep]
    dropped = [one for one in listed if one not in kept]
    tx.execute(delete(WordGenerationTable).where(WordGenerationTable.row.in_([one.row for one in dropped])))
    text_changes.forget_until(tx, min((one.seq for one in kept), default=text_changes.current_seq(tx)))
    return [one.file.file for one in dropped]
