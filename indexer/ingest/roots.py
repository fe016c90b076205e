"""Registered folders as they are on the disks of this machine: listed, added, moved, renamed, forgotten."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from indexer.errors import UsageError
from indexer.ingest.presence import holds_something
from indexer.store import Database, Transaction, roots, videos
from indexer.store.roots import Root
from indexer.store.videos import KnownFile


@dataclass(frozen=True, slots=True)
class RegisteredFolder:
    """A root: `files` are known in it; it is `online` when something can be seen in it now: a share that is away leaves
    no folder, or an empty one."""

    name: str
    path: Path
    files: int
    online: bool


@dataclass(frozen=True, slots=True)
class MovedFolder:
    """A root after its move: of its `files` and those of the roots inside it that moved along, `found` are there."""

    folder: RegisteredFolder
    files: int
    found: int


def list_folders(tx: Transaction) -> list[RegisteredFolder]:
    """Every registered folder, by name."""
    counts = roots.file_counts(tx)
    return [
        RegisteredFolder(root.name, root.path, counts[root.name], holds_something(root.path)) for root in roots.load(tx)
    ]


def add_folder(database: Database, name: str, folder: Path) -> RegisteredFolder:
    """Register a folder under a name. Known files that lie in it are its files from now on.

    Raises `UsageError` where it is no folder, is registered, or the name is taken.
    """
    path = _existing(folder)
    with database.write() as tx:
        known = next((root for root in roots.load(tx) if root.path == path), None)
        if known is not None:
            raise UsageError(
                f"{shown(path)} is registered as {known.name!r}; give it another name with: shotlist roots rename"
            )
        return _registered(tx, roots.add(tx, path, name=name))


def move_folder(
    database: Database, name: str, folder: Path, *, wanted: Literal["some files", "nothing"] = "some files"
) -> MovedFolder:
    """Note that a registered folder is at another path now, and the registered folders inside it with it.

    Raises `UsageError` where `folder` is none, or none of the files known is there (unless nothing is wanted of it).
    """
    path = folder.expanduser().resolve() if wanted == "nothing" else _existing(folder)
    with database.write() as tx:
        root = roots.named(tx, name)
        along = _moving_along(tx, root, path)
        files = [known for one in (root, *along) for known in videos.known_files(tx, one)]
        places = {known.path: path / known.path.relative_to(root.path) for known in files}
        found = {known.path for known in files if _is_there(known, places[known.path])}
        if files and not found and wanted != "nothing":
            raise UsageError(
                f"none of the {len(places)} files of {name!r} is in {shown(path)}, not even "
                f"{shown(places[files[0].path])}; check the folder, or move it all the same with --force"
            )
        moved = roots.move(tx, root, path)
        for one in along:
            roots.move(tx, one, path / one.path.relative_to(root.path))
        for known in files:
            if known.path in found and not known.online:
                _bring_back(tx, places[known.path])
        return MovedFolder(_registered(tx, moved), len(places), len(found))


def rename_folder(database: Database, name: str, new_name: str) -> RegisteredFolder:
    """Raises `UsageError` where there is no such folder, or the new name is taken."""
    with database.write() as tx:
        return _registered(tx, roots.rename(tx, roots.named(tx, name), new_name))


def remove_folder(database: Database, name: str) -> None:
    """Forget a folder in which nothing is known that is not known elsewhere; what lies inside a wider registered
    folder belongs to that from then on. Raises `UsageError` where videos would lose their last place."""
    with database.write() as tx:
        root = roots.named(tx, name)
        held = roots.only_places(tx, root)
        if held and roots.wider(tx, root) is None:
            raise UsageError(
                f"{held} videos have files in {name!r} only; say where it is now with: shotlist roots move, "
                "or remove the videos first"
            )
        roots.remove(tx, root)


def shown(path: Path) -> str:
    return str(path).encode("utf-8", "replace").decode("utf-8")


def _existing(folder: Path) -> Path:
    path = folder.expanduser().resolve()
    if not path.is_dir():
        raise UsageError(f"there is no folder {shown(folder)}")
    return path


def _registered(tx: Transaction, root: Root) -> RegisteredFolder:
    return next(one for one in list_folders(tx) if one.name == root.name)


def _moving_along(tx: Transaction, root: Root, path: Path) -> list[Root]:
    """The roots inside `root`, less those that are still where they were and not in its new folder `path`: shares of
    their own, which stayed."""
    inside = [one for one in roots.load(tx) if one.name != root.name and one.path.is_relative_to(root.path)]
    return [
        one
        for one in inside
        if holds_something(path / one.path.relative_to(root.path)) or not holds_something(one.path)
    ]


def _is_there(known: KnownFile, path: Path) -> bool:
    try:
        return path.stat().st_size == known.size
    except OSError:
        return False


def _bring_back(tx: Transaction, path: Path) -> None:
    root = roots.around(tx, path)
    if root is not None:
        videos.set_online(tx, root, path.relative_to(root.path), online="yes")
