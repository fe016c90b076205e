"""Folders that are watched: registered, listed, forgotten."""

import math
from collections.abc import Sequence
from pathlib import Path

from indexer.domain import path_text
from indexer.errors import UsageError
from indexer.media import require_sane_pattern
from indexer.store import Database, roots, watched
from indexer.store.watched import WatchedFolder

SETTLE_S = 10.0


def watch_folder(
    database: Database,
    folder: Path,
    *,
    include: Sequence[str] | None = None,
    exclude: Sequence[str] | None = None,
    settle_s: float | None = None,
) -> WatchedFolder:
    """Watch a folder from now on. What is None stays as it is, for a folder that is watched already.

    It becomes a registered folder too, unless it lies in one. Raises `UsageError` where it is no folder, or a pattern
    or the time makes no sense.
    """
    path = folder.expanduser().resolve()
    if not path.is_dir():
        raise UsageError(f"there is no folder {path_text(folder)}; connect its disk, or check its name")
    for pattern in (*(include or ()), *(exclude or ())):
        require_sane_pattern(pattern)
    if settle_s is not None and not (math.isfinite(settle_s) and settle_s >= 0):
        raise UsageError("--settle is a number of seconds, 0 or more")
    with database.write() as tx:
        before = _watched(watched.load(tx), path) or WatchedFolder(path, settle_s=SETTLE_S)
        told = WatchedFolder(
            path,
            before.include if include is None else tuple(include),
            before.exclude if exclude is None else tuple(exclude),
            before.settle_s if settle_s is None else settle_s,
        )
        watched.put(tx, told)
        if roots.around(tx, path) is None:
            roots.add(tx, path)
    return told


def list_watched(database: Database) -> list[WatchedFolder]:
    """Every watched folder, by path."""
    with database.read() as tx:
        return watched.load(tx)


def forget_folder(database: Database, folder: Path) -> WatchedFolder:
    """Watch a folder no more; what was indexed of it stays. Raises `UsageError` for one that is not watched."""
    path = folder.expanduser().resolve()
    with database.write() as tx:
        found = _watched(watched.load(tx), path)
        if found is None:
            raise UsageError(f"{path_text(folder)} is not watched; `shotlist watch --list` says what is")
        watched.remove(tx, path)
    return found


def _watched(folders: Sequence[WatchedFolder], path: Path) -> WatchedFolder | None:
    return next((folder for folder in folders if folder.path == path), None)
