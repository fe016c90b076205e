"""Files that lay in a folder and do not any more."""

from collections.abc import Sequence
from pathlib import Path

from indexer.ingest.presence import presence
from indexer.store import Database, roots, videos
from indexer.store.roots import Root
from indexer.store.videos import KnownFile


def note_missing(database: Database, folders: Sequence[Path]) -> tuple[str, ...]:
    """Mark the files that lay in these folders and do not any more: offline, and still searchable. Those whose share
    may only be away are offline as long as it is, without a mark. Returns a sentence for each root that misses some.

    The disk is looked at while no transaction is open: a slow share must not keep others from writing.
    """
    with database.read() as tx:
        known = {root: _known_below(videos.known_files(tx, root), folders) for root in roots.load(tx)}
    notes = []
    marked: list[tuple[Root, KnownFile]] = []
    for root, files in known.items():
        seen = [(one, presence(one.path, root.path)) for one in files]
        marked += [(root, one) for one, where in seen if where == "gone" and one.online]
        offline = sum(where == "away" or (where == "gone" and one.online) for one, where in seen)
        if offline:
            notes.append(f"{offline} files of {root.name} are offline; their moments stay searchable")
    if marked:
        _mark(database, marked)
    return tuple(notes)


def _known_below(files: Sequence[KnownFile], folders: Sequence[Path]) -> list[KnownFile]:
    return [one for one in files if any(one.path.is_relative_to(folder) for folder in folders)]


def _mark(database: Database, gone: Sequence[tuple[Root, KnownFile]]) -> None:
    """Where a root has been moved or renamed since, its files were looked for in the wrong place: they stay."""
    with database.write() as tx:
        unchanged = set(roots.load(tx))
        for root, file in gone:
            if root in unchanged:
                videos.set_online(tx, root, file.relative_path, online="no")
