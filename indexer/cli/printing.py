"""Names from disks and files as text that no terminal takes for orders."""

import unicodedata
from pathlib import Path

from indexer.domain import path_text

_JOINERS = "\u200c\u200d"  # Persian and Indic names are written with them


def printable(name: Path | str) -> str:
    """A path, a title or another name in one line, with replacement characters for what cannot be seen."""
    text = path_text(name) if isinstance(name, Path) else name
    return "".join(sign if _is_seen(sign) else "\N{REPLACEMENT CHARACTER}" for sign in text)


def printable_lines(text: str) -> str:
    """As `printable`, for text of several lines."""
    return "\n".join(printable(line) for line in text.split("\n"))


def _is_seen(sign: str) -> bool:
    return sign.isprintable() or unicodedata.category(sign) == "Zs" or sign in _JOINERS
