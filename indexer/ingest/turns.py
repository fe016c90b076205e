"""One publisher at a time: of this machine by a lock on a file, and of all machines by a lock on the server. Both are
freed when the process ends, however it ends."""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Literal

from indexer.library_folder import LibraryFolder
from indexer.store import Database, generations

_LOOK_AGAIN_S = 0.2


@contextmanager
def publisher_turn(
    folder: LibraryFolder,
    database: Database,
    *,
    what: str,
    lock: str,
    patience: Literal["wait", "skip"],
    stop: Callable[[], bool],
) -> Iterator[bool]:
    """Whether this process publishes `what` (a space, or the words) now. `lock` names a file."""
    with (folder.indexes / lock).open("w") as file:
        while True:
            with _both_locks(file, database, what) as mine:
                if mine or patience == "skip" or stop():
                    yield mine and not stop()
                    return
            time.sleep(_LOOK_AGAIN_S)


@contextmanager
def _both_locks(file: IO[str], database: Database, what: str) -> Iterator[bool]:
    if not _is_locked(file):
        yield False
        return
    try:
        with generations.publisher_lock(database, what) as mine:
            yield mine
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _is_locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
