"""The folders of a library: those that are registered, and those that are watched."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from indexer.ingest.roots import (
    MovedFolder,
    RegisteredFolder,
    add_folder,
    list_folders,
    move_folder,
    remove_folder,
    rename_folder,
)
from indexer.ingest.watched_folders import forget_folder, list_watched, watch_folder
from indexer.store import Database
from indexer.store.watched import WatchedFolder


@dataclass(frozen=True, slots=True)
class Places:
    """Where footage lies, and where it comes from."""

    database: Database
    writable: Callable[[], Database]

    def roots(self) -> list[RegisteredFolder]:
        """The registered folders, by name, as they are now."""
        with self.database.read() as tx:
            return list_folders(tx)

    def add_root(self, name: str, folder: Path) -> RegisteredFolder:
        """Register a folder under a name; nothing in it is indexed yet. Raises `UsageError` where it cannot be."""
        return add_folder(self.writable(), name, folder)

    def move_root(
        self, name: str, folder: Path, *, wanted: Literal["some files", "nothing"] = "some files"
    ) -> MovedFolder:
        """Note where a registered folder is now: a share mounted elsewhere. Raises `UsageError` where there is no such
        folder, or nothing of what is wanted is in it."""
        return move_folder(self.writable(), name, folder, wanted=wanted)

    def rename_root(self, name: str, new_name: str) -> RegisteredFolder:
        return rename_folder(self.writable(), name, new_name)

    def remove_root(self, name: str) -> None:
        """Forget a registered folder. Raises `UsageError` where a video would lose its last place by that."""
        remove_folder(self.writable(), name)

    def watched(self) -> list[WatchedFolder]:
        """The folders that `shotlist watch` watches, by path."""
        return list_watched(self.database)

    def watch(self, folder: Path, *, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> WatchedFolder:
        """Let whoever watches watch this folder too. Raises `UsageError` where it is none, or a pattern is unfit."""
        return watch_folder(self.writable(), folder, include=include, exclude=exclude)

    def forget_watched(self, folder: Path) -> WatchedFolder:
        """Watch a folder no more; what was indexed of it stays. Raises `UsageError` for one that is not watched."""
        return forget_folder(self.writable(), folder)
