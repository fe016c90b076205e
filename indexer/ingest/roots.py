"""Registered folders as they are on the disks of this machine: listed, added, moved, renamed, forgotten."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from indexer.domain import path_text
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
                f"{path_text(path)} is registered as {known.name!r}; give it another name with: shotlist roots rename"
            )
        added = roots.add(tx, path, name=name)
    return _registered(database, added)


def move_folder(
    database: Database, name: str, folder: Path, *, wanted: Literal["some files", "nothing"] = "some files"
) -> MovedFolder:
    """Note that a registered folder is at another path now, and the registered folders inside it with it.

    Raises `UsageError` where `folder` is none, or none of the files known is there (unless nothing is wanted of it).
    """
    path = folder.expanduser().resolve() if wanted == "nothing" else _existing(folder)
    with database.read() as tx:
        root = roots.named(tx, name)
        inside = [one for one in roots.load(tx) if one.name != root.name and one.path.is_relative_to(root.path)]
        known = {one: videos.known_files(tx, one) for one in (root, *inside)}
    along = [one for one in inside if _moves_along(one, path / one.path.relative_to(root.path))]
    files = [file for one in (root, *along) for file in known[one]]
    places = {file.path: path / file.path.relative_to(root.path) for file in files}
    found = {file.path for file in files if _is_there(file, places[file.path])}
    if files and not found and wanted != "nothing":
        raise UsageError(
            f"none of the {len(places)} files of {name!r} is in {path_text(path)}, not even "
            f"{path_text(places[files[0].path])}; check the folder, or move it all the same with --force"
        )
    back = [places[file.path] for file in files if file.path in found and not file.online]
    moved = _write_move(database, root, path, along=along, back=back)
    return MovedFolder(_registered(database, moved), len(places), len(found))


def rename_folder(database: Database, name: str, new_name: str) -> RegisteredFolder:
    """Raises `UsageError` where there is no such folder, or the new name is taken."""
    with database.write() as tx:
        renamed = roots.rename(tx, roots.named(tx, name), new_name)
    return _registered(database, renamed)


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


def _existing(folder: Path) -> Path:
    path = folder.expanduser().resolve()
    if not path.is_dir():
        raise UsageError(f"there is no folder {path_text(folder)}")
    return path


def _registered(database: Database, root: Root) -> RegisteredFolder:
    with database.read() as tx:
        files = roots.file_counts(tx).get(root.name, 0)
    return RegisteredFolder(root.name, root.path, files, holds_something(root.path))


def _write_move(database: Database, root: Root, path: Path, *, along: list[Root], back: list[Path]) -> Root:
    """The disk was looked at before, while others could write: only what is still known is moved and brought back."""
    with database.write() as tx:
        still = roots.load(tx)
        if root not in still:
            raise UsageError(f"{root.name!r} was changed while its files were looked at; move it again")
        moved = roots.move(tx, root, path)
        for one in along:
            if one in still:
                roots.move(tx, one, path / one.path.relative_to(root.path))
        for place in back:
            _bring_back(tx, place)
    return moved


def _moves_along(inside: Root, place: Path) -> bool:
    """Whether a root inside the moved one is at `place` now; else it is a share of its own, which stayed."""
    return holds_something(place) or not holds_something(inside.path)


def _is_there(known: KnownFile, path: Path) -> bool:
    try:
        return path.stat().st_size == known.size
    except OSError:
        return False


def _bring_back(tx: Transaction, path: Path) -> None:
    root = roots.around(tx, path)
    if root is not None:
        videos.set_online(tx, root, path.relative_to(root.path), online="yes")
