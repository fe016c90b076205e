"""Files in the library folder that nobody names: what crashes and removed videos leave behind."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from indexer.domain import VideoId
from indexer.ingest.leftovers import leftovers
from indexer.ingest.verify.findings import Checked, Finding, Told
from indexer.library_folder import LibraryFolder
from indexer.store import Database, checks

_AT_ONCE = 500


def verify_files(folder: LibraryFolder, database: Database) -> Iterator[Told]:
    """Young files are left out: their writers may be about to name them. So are those of videos that are worked on."""
    for pictures in sorted(folder.keyframes.iterdir()) if folder.keyframes.is_dir() else []:
        if pictures.is_dir():
            yield from _verify_pictures(folder, database, pictures)
    clips = 0
    listed = leftovers(folder.clips, ())
    while some := list(islice(listed, _AT_ONCE)):
        clips += len(some)
        with database.read() as tx:
            known = checks.known_segments(tx, [clip.stem for clip in some])
        for clip in some:
            if clip.stem not in known:
                yield Finding("clip_orphan", folder.relative(clip), "no segment of this library is in this clip")
    yield Checked("clips", clips)
    yield from _verify_spools(folder, database)


def _verify_spools(folder: LibraryFolder, database: Database) -> Iterator[Told]:
    """One that is recorded and not there, or not whole, is no finding: what it held is read from the footage."""
    old = {folder.relative(file): file for file in leftovers(folder.spool, ())}
    with database.read() as tx:
        known = checks.recorded_paths(tx, list(old))
    for path in sorted(old.keys() - known):
        yield Finding("spool_orphan", path, "no video that is being indexed has these pictures")
    yield Checked("spools", len(known))


def _verify_pictures(folder: LibraryFolder, database: Database, pictures: Path) -> Iterator[Finding]:
    old = {folder.relative(file): file for file in leftovers(pictures, ())}
    with database.read() as tx:
        if checks.is_busy(tx, VideoId(pictures.name)):
            return
        known = checks.recorded_paths(tx, list(old))
    for path in sorted(old.keys() - known):
        yield Finding("keyframe_orphan", path, "no segment has this picture", VideoId(pictures.name))
