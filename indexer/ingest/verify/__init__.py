"""Checking a library: do its store, its files, its pictures and its indexes agree? It reads only, and holds nothing up:
workers may go on, and what they are at is not a finding."""

from collections.abc import Iterator

from indexer.ingest.verify.files import verify_files
from indexer.ingest.verify.findings import Checked, Finding, FindingKind, Told
from indexer.ingest.verify.indexes import verify_indexes
from indexer.ingest.verify.repair import Repair
from indexer.ingest.verify.videos import verify_videos
from indexer.library_folder import LibraryFolder
from indexer.store import Database, checks, fulltext_checks, ledger_checks

__all__ = ["Checked", "Finding", "FindingKind", "Repair", "Told", "verify"]


def verify(folder: LibraryFolder, database: Database, *, space: str) -> Iterator[Told]:
    """Everything that is wrong, as it is found, and what was looked at. `space`: of the embedder in use, in which
    searched texts should have vectors.

    Memory does not grow with the library: videos are read some at a time, each time in one snapshot.
    """
    yield from _verify_database(database)
    yield from _verify_full_text(database)
    yield from verify_videos(folder, database, space=space)
    yield from verify_indexes(folder, database)
    yield from verify_files(folder, database)
    yield from _verify_ledger(database)


def _verify_database(database: Database) -> Iterator[Told]:
    with database.read() as tx:
        faults = checks.database_faults(tx)
    for fault in faults:
        yield Finding("database", "library.db", fault)
    yield Checked("database", 1)


def _verify_full_text(database: Database) -> Iterator[Told]:
    for table in fulltext_checks.FULL_TEXT:
        with database.read() as tx:
            fault = fulltext_checks.wrong_full_text(tx, table)
        if fault is not None:
            yield Finding("full_text", table, fault)
    yield Checked("tables of full text", len(fulltext_checks.FULL_TEXT))


def _verify_ledger(database: Database) -> Iterator[Told]:
    with database.read() as tx:
        ledger = ledger_checks.read_ledger(tx)
    if ledger.homeless:
        message = f"{len(ledger.homeless)} units of work are about videos that are gone"
        yield Finding("unit_homeless", "ledger", message, rows=tuple(ledger.homeless))
    remarks = [
        f"{count} {what}"
        for count, what in (
            (ledger.left, "left by workers that were not heard of again; the next worker takes them up"),
            (ledger.failed, "failed; see: shotlist failures"),
            (ledger.refused, "refused; see: shotlist failures"),
        )
        if count
    ]
    yield Checked("units of work", ledger.units, tuple(remarks))
