"""What a name says of a path: both compared from their ends. Case does not matter, nor how accents are encoded."""

import unicodedata
from collections.abc import Sequence

from indexer import media


def path_parts(path: str) -> tuple[str, ...]:
    """Folders and file name, as they are compared."""
    return tuple(part for part in name_key(path).replace("\\", "/").split("/") if part and part != ".")


def name_key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold().strip()


def without_suffix(name: str) -> str:
    """`a001.mov` is `a001`; a dot in `bt0431.a01` or `interview.v2` begins no suffix."""
    stem, dot, last = name.rpartition(".")
    return stem if stem and f"{dot}{last}" in media.EXTENSIONS else name


def agreement(one: Sequence[str], other: Sequence[str]) -> int:
    """How many parts are the same from the end on."""
    count = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        count += 1
    return count
