"""The index of words that was published, and the texts it is of."""

from collections.abc import Iterator

import numpy as np

from indexer import index_files, word_index
from indexer.errors import LibraryError
from indexer.ingest.publish_words import WORDS
from indexer.ingest.verify.findings import Finding
from indexer.library_folder import LibraryFolder
from indexer.store import Database, Transaction, text_changes, word_generations
from indexer.store.word_generations import WordGeneration
from indexer.word_index import WordIndex


def verify_words(folder: LibraryFolder, database: Database) -> Iterator[Finding]:
    """The newest index is whole, and holds the words of every text that did not change since."""
    with database.read() as tx:
        newest = word_generations.latest_words(tx)
        if newest is None:
            return
        index = _opened(folder, newest)
        difference = None if index is None else _difference(tx, newest, index)
    if index is None:
        yield Finding("index_damaged", WORDS, f"the index file {newest.file.file} of words is missing or damaged")
    if difference is not None:
        yield Finding("index_differs", WORDS, f"the index of words {difference}")


def _opened(folder: LibraryFolder, generation: WordGeneration) -> WordIndex | None:
    if not index_files.is_whole(folder.indexes, generation.file):
        return None
    try:
        return word_index.load(folder.indexes / generation.file.file)
    except LibraryError:
        return None


def _difference(tx: Transaction, generation: WordGeneration, index: WordIndex) -> str | None:
    changed = np.unique(np.array(text_changes.changes_since(tx, generation.seq).segment_rows, np.int64))
    fresh = word_index.build(text_changes.all_tokens(tx), mean_length=index.mean_length)
    was, now = (np.setdiff1d(one.documents, changed, assume_unique=True) for one in (index, fresh))
    if not np.array_equal(was, now):
        return f"lacks {len(np.setdiff1d(now, was))} texts and holds {len(np.setdiff1d(was, now))} that are gone"
    differ = ~np.isclose(index.digests(was), fresh.digests(now), rtol=1e-9)
    return f"holds other words of {int(differ.sum())} texts" if differ.any() else None
