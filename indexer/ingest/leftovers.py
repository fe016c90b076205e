"""Files that nobody names: what a crash leaves between writing a file and committing its row."""

import time
from collections.abc import Collection, Iterator
from pathlib import Path

from indexer.library_folder import UNFINISHED

GRACE_S = 3600.0
"""A younger file may be one that its writer is about to name."""


def leftovers(folder: Path, named: Collection[str]) -> Iterator[Path]:
    """The files right inside `folder` that are old, not `named`, and no hidden files of somebody else's."""
    if not folder.is_dir():
        return
    for file in folder.iterdir():
        ours = not file.name.startswith(".") or file.suffix == UNFINISHED
        if ours and file.name not in named and is_old(file):
            yield file


def remove_leftovers(folder: Path, named: Collection[str]) -> None:
    for file in leftovers(folder, named):
        file.unlink(missing_ok=True)


def is_old(file: Path) -> bool:
    """Whether it was last written so long ago that nobody is about to name it."""
    try:
        return file.is_file() and time.time() - file.stat().st_mtime > GRACE_S
    except OSError:
        return False
