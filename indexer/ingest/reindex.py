"""Everything that is derived from the store, made anew: what is searched by words, by names, by meaning.

Search goes on meanwhile: readers see what was, or what is, and never half of it.
"""

from collections.abc import Callable
from typing import Literal

from indexer.ingest.publish import Publisher
from indexer.ingest.publish_words import WordsPublisher
from indexer.library_folder import LibraryFolder
from indexer.store import Database, checks, fulltext_checks, repairs, vector_checks

Part = Literal["texts", "names", "vectors"]
PARTS: tuple[Part, ...] = ("texts", "names", "vectors")

_AT_ONCE = 10  # videos a transaction: workers wait for a second, and not for minutes


def reindex(
    folder: LibraryFolder,
    database: Database,
    *,
    parts: tuple[Part, ...] = PARTS,
    hubs: Literal["missing", "all"] = "missing",
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Make these parts anew. `hubs`: whether to measure again how central each caption is (minutes in 100,000)."""
    if "texts" in parts or "names" in parts:
        # First, for the triggers that follow each text take out of full text what they believe to be in it.
        with database.write() as tx:
            fulltext_checks.rebuild_full_text(tx)
        tell("full text is made anew")
    if "texts" in parts:
        tell(f"{rechoose_texts(database)} segments were searched by another text than theirs")
        if WordsPublisher(folder, database).rebuild():
            tell("the index of words is written")
    if "names" in parts:
        tell(f"the names and fields of {_index_names(database)} videos are indexed")
    if "vectors" in parts:
        for space in _spaces(database):
            written = Publisher(folder, database).rebuild(space, measured=hubs)
            tell(f"{written} indexes of {space} are written")


def rechoose_texts(database: Database) -> int:
    """Choose anew what segments are searched by. Returns how many had it wrong."""
    count = last = 0
    while True:
        with database.write() as tx:
            some = checks.next_videos(tx, after=last, limit=_AT_ONCE)
            if not some:
                return count
            wrong = [segment for segments in checks.wrong_texts(tx, some).values() for segment in segments]
            if wrong:
                repairs.choose_texts_anew(tx, wrong)
        count += len(wrong)
        last = some[-1].row


def _index_names(database: Database) -> int:
    count = last = 0
    while True:
        with database.write() as tx:
            some = checks.next_videos(tx, after=last, limit=_AT_ONCE)
            if not some:
                return count
            repairs.index_names_anew(tx, [video.id for video in some])
        count += len(some)
        last = some[-1].row


def _spaces(database: Database) -> list[str]:
    with database.read() as tx:
        return list(vector_checks.spaces(tx))
