"""Registered folders. Locations are relative to them, so a share mounted elsewhere is one edit.

Roots may lie inside each other: a file belongs to the innermost root around it, and every change here keeps that so.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from indexer.domain import path_text
from indexer.errors import UsageError
from indexer.store.row_lists import count, insert_into, rows_in
from indexer.store.tables import LocationTable, RootTable
from indexer.store.video_texts import refresh_video_texts


@dataclass(frozen=True, slots=True)
class Root:
    """A registered folder and the readable name locations know it by."""

    name: str
    path: Path


def add(tx: Session, path: Path, *, name: str | None = None) -> Root:
    """Register a folder (absolute path); one that is registered stays as it is. Without `name` the folder's is taken,
    with a number where it is taken already. Raises `UsageError` for a name that is another folder's."""
    known = next((root for root in load(tx) if root.path == path), None)
    if known is not None:
        return known
    if not path.is_absolute():
        raise UsageError(f"a root folder needs its full path, not {path_text(path)}")
    if name is not None:
        _require_free(tx, name)
    entry = insert_into(tx, RootTable).values(name=name or _free_name(tx, path), **_columns(path))
    if count(tx, entry.on_conflict_do_nothing()) == 0:  # another writer has just taken the path, or the name
        return add(tx, path, name=name)
    root = next(root for root in load(tx) if root.path == path)
    _take_in(tx, root)
    return root


def load(tx: Session) -> list[Root]:
    """Every registered folder, by name."""
    found = tx.execute(select(RootTable.name, RootTable.path))
    return sorted((Root(name, Path(os.fsdecode(path))) for name, path in found), key=lambda root: root.name)


def named(tx: Session, name: str) -> Root:
    """Raises `UsageError` where no registered folder has this name."""
    found = next((root for root in load(tx) if root.name == name), None)
    if found is None:
        raise UsageError(f"there is no registered folder {name!r}; `shotlist roots` lists them")
    return found


def around(tx: Session, path: Path) -> Root | None:
    """The innermost registered folder that `path` (absolute) is or lies in."""
    holding = [root for root in load(tx) if path.is_relative_to(root.path)]
    return max(holding, key=lambda root: len(root.path.parts), default=None)


def wider(tx: Session, root: Root) -> Root | None:
    """The innermost registered folder around this one."""
    return None if root.path == root.path.parent else around(tx, root.path.parent)


def file_counts(tx: Session) -> dict[str, int]:
    """{name: files known in it}; every root is named."""
    places = func.count(LocationTable.relative_path.distinct())
    query = select(RootTable.name, places).outerjoin(LocationTable, LocationTable.root_row == RootTable.row)
    return dict(tx.execute(query.group_by(RootTable.name)).all())


def rename(tx: Session, root: Root, name: str) -> Root:
    """Raises `UsageError` for a name that is another folder's."""
    if name != root.name:
        _require_free(tx, name)
    tx.execute(update(RootTable).where(RootTable.row == row_of_root(tx, root)).values(name=name))
    return Root(name, root.path)


def move(tx: Session, root: Root, path: Path) -> Root:
    """Note that this folder is at another path (absolute) now. Is that a root already, its files become that root's,
    which is returned."""
    other = next((one for one in load(tx) if one.path == path and one.name != root.name), None)
    if other is not None:
        _carry(tx, Root(root.name, path), other)
        _forget(tx, root)
        _take_in(tx, other)
        return other
    tx.execute(update(RootTable).where(RootTable.row == row_of_root(tx, root)).values(**_columns(path)))
    moved = Root(root.name, path)
    _take_in(tx, moved)
    return moved


def only_places(tx: Session, root: Root) -> int:
    """How many videos have no file outside this root."""
    row = row_of_root(tx, root)
    elsewhere = select(LocationTable.video_row).where(LocationTable.root_row != row)
    only_here = (LocationTable.root_row == row, LocationTable.video_row.not_in(elsewhere))
    return tx.execute(select(func.count(LocationTable.video_row.distinct())).where(*only_here)).scalar_one()


def remove(tx: Session, root: Root) -> Root | None:
    """Forget this folder. Its files become those of the root around it, which is returned; where there is none, their
    places are forgotten, and their videos stay with whatever other files they have."""
    heir = wider(tx, root)
    if heir is not None:
        _carry(tx, root, heir)
    _forget(tx, root)
    return heir


def row_of_root(tx: Session, root: Root) -> int:
    row = tx.execute(select(RootTable.row).where(RootTable.name == root.name)).scalar()
    if row is None:
        raise UsageError(f"there is no registered folder {root.name!r}")
    return row


def _take_in(tx: Session, root: Root) -> None:
    """Let every file belong to its innermost root again, after `root` came to be where it is."""
    for other in load(tx):
        if other.path != root.path and root.path.is_relative_to(other.path):
            _carry(tx, other, root)
        elif other.path != root.path and other.path.is_relative_to(root.path):
            _carry(tx, root, other)


def _carry(tx: Session, source: Root, target: Root) -> None:
    """Make the files of `source` that lie in `target` its files. What it knows of a file already is right."""
    source_row, target_row = row_of_root(tx, source), row_of_root(tx, target)
    columns = (LocationTable.relative_path, LocationTable.stream_index)
    taken = {tuple(place) for place in tx.execute(select(*columns).where(LocationTable.root_row == target_row))}
    moved: list[dict[str, object]] = []
    known: list[int] = []
    query = select(LocationTable.row, *columns).where(LocationTable.root_row == source_row)
    for row, relative_path, stream_index in tx.execute(query):
        path = source.path / os.fsdecode(relative_path)
        if not path.is_relative_to(target.path):
            continue
        inside = path.relative_to(target.path)
        if (os.fsencode(inside), stream_index) in taken:
            known.append(row)
        else:
            place = {"relative_path": os.fsencode(inside), "relative_text": path_text(inside)}
            moved.append({"row": row, "root_row": target_row, **place})
    if moved:
        tx.execute(update(LocationTable), moved)
    _drop(tx, LocationTable.row.in_(rows_in(tx, known)))


def _forget(tx: Session, root: Root) -> None:
    row = row_of_root(tx, root)
    _drop(tx, LocationTable.root_row == row)
    tx.execute(delete(RootTable).where(RootTable.row == row))


def _drop(tx: Session, those: ColumnElement[bool]) -> None:
    touched = set(tx.execute(select(LocationTable.video_row).where(those)).scalars())
    tx.execute(delete(LocationTable).where(those))
    refresh_video_texts(tx, touched)


def _columns(path: Path) -> dict[str, bytes | str]:
    return {"path": os.fsencode(path), "path_text": path_text(path)}


def _free_name(tx: Session, path: Path) -> str:
    wanted = path_text(path.name) or path_text(path)
    taken = {root.name for root in load(tx)}
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted} {number}", number + 1
    return name


def _require_free(tx: Session, name: str) -> None:
    holder = next((root for root in load(tx) if root.name == name), None)
    if holder is not None:
        raise UsageError(f"{name!r} is the name of {path_text(holder.path)} already")
    if not name.strip():
        raise UsageError("a registered folder needs a name")
