"""Files that lay in a folder and do not any more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.ingest.presence import presence
from indexer.store import Database, roots, videos
from indexer.store.roots import Root
from indexer.store.videos import KnownFile


@dataclass(frozen=True, slots=True)
class Missing:
    """Of files that were not seen: how many were noted as gone, and how many may only be away with their share."""

    gone: int = 0
    away: int = 0


def note_missing(database: Database, folders: Sequence[Path]) -> tuple[str, ...]:
    """Mark the files that lay in these folders and do not any more: offline, and still searchable. Those whose share
    may only be away are offline as long as it is, without a mark. Returns a sentence for each root that misses some.

    The disk is looked at while no transaction is open: a slow share must not keep others from writing.
    """
    with database.read() as tx:
        known = {root: _known_below(videos.known_files(tx, root), folders) for root in roots.load(tx)}
    notes = []
    marked: list[tuple[Root, Path]] = []
    for root, files in known.items():
        seen = [(one, presence(one.path, root.path)) for one in files]
        marked += [(root, one.relative_path) for one, where in seen if where == "gone" and one.online]
        offline = sum(where == "away" or (where == "gone" and one.online) for one, where in seen)
        if offline:
            notes.append(f"{offline} files of {root.name} are offline; their moments stay searchable")
    if marked:
        _mark(database, marked)
    return tuple(notes)


def note_unseen(database: Database, paths: Iterable[Path]) -> Missing:
    """As `note_missing`, of single files that are known and were not seen where they lay."""
    with database.read() as tx:
        folders = sorted(roots.load(tx), key=lambda root: -len(root.path.parts))
    gone: list[tuple[Root, Path]] = []
    away = 0
    for path in paths:
        root = next((root for root in folders if path.is_relative_to(root.path)), None)
        where = "there" if root is None else presence(path, root.path)
        away += where == "away"
        if root is not None and where == "gone":
            gone.append((root, path.relative_to(root.path)))
    if gone:
        _mark(database, gone)
    return Missing(len(gone), away)


def _known_below(files: Sequence[KnownFile], folders: Sequence[Path]) -> list[KnownFile]:
    return [one for one in files if any(one.path.is_relative_to(folder) for folder in folders)]


def _mark(database: Database, gone: Sequence[tuple[Root, Path]]) -> None:
    """Where a root has been moved or renamed since, its files were looked for in the wrong place: they stay."""
    with database.write() as tx:
        unchanged = set(roots.load(tx))
        for root, relative_path in gone:
            if root in unchanged:
                videos.set_online(tx, root, relative_path, online="no")
