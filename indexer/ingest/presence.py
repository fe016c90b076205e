"""Whether a file is where the library knows it, told apart from one whose disk or share is only away."""

import os
from pathlib import Path

from indexer.ingest.recognition import Presence


def presence(path: Path, root: Path) -> Presence:
    """Of a file inside a registered folder. A share that is not mounted is a missing or an empty folder: so a file is
    `gone` only when the nearest folder around it that is there has something in it, and is no wider than the root."""
    if os.path.exists(path):  # noqa: PTH110 (never raises, whatever ails a share)
        return "there"
    for folder in path.parents:
        if folder.is_relative_to(root) and os.path.isdir(folder):  # noqa: PTH112
            return "gone" if holds_something(folder) else "away"
    return "away"


def holds_something(folder: Path) -> bool:
    """Whether a folder is there, can be looked into, and is not empty."""
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is not None
    except OSError:
        return False
