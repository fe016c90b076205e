"""Files -> units of work. Files that are known and have not changed cost no unit, and are not opened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from indexer.domain import FileReport
from indexer.ingest.identity import resolved
from indexer.ingest.planning import Asked, Urgency, looking_unit
from indexer.ingest.stages import batched
from indexer.ingest.task import with_patience
from indexer.media import FoundFile
from indexer.store import Database, jobs, roots, videos
from indexer.store.jobs import NewUnit
from indexer.store.videos import KnownFile

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Queued:
    """`units`: {row: file} of what is to be looked at; `skipped`: what is indexed already, as it is."""

    units: Mapping[int, FoundFile]
    skipped: tuple[FileReport, ...]


def queue_files(
    database: Database, files: Iterable[FoundFile], *, urgency: Urgency, asked: Asked | None = None
) -> Queued:
    """Ask for these files to be indexed."""
    known = _known_files(database)
    units: dict[int, FoundFile] = {}
    skipped: list[FileReport] = []
    for some in batched(files, _AT_ONCE):
        fresh = []
        for file in some:
            found = known.get(resolved(file).path)
            if asked is None and found and (found.size, found.mtime_ns) == (file.size, file.mtime_ns):
                skipped.append(_unchanged(file, found))
            else:
                fresh.append(file)
        new = {unit.key: (unit, file) for file in fresh for unit in [looking_unit(file, urgency=urgency, asked=asked)]}
        rows = with_patience(partial(_put, database, [unit for unit, _ in new.values()]))
        units |= {row: new[key][1] for key, row in rows.items()}
    return Queued(units, tuple(skipped))


def _put(database: Database, units: list[NewUnit]) -> dict[str, int]:
    with database.write() as tx:
        return jobs.put(tx, units)


def _known_files(database: Database) -> dict[Path, KnownFile]:
    """Files that are where they were noted, of videos that lack nothing."""
    with database.read() as tx:
        whole = videos.complete_ids(tx)
        files = [file for root in roots.load(tx) for file in videos.known_files(tx, root)]
    return {file.path: file for file in files if file.online and file.video in whole}


def _unchanged(file: FoundFile, known: KnownFile) -> FileReport:
    return FileReport(file.path, "skipped", "unchanged", "already indexed", video=known.video)
