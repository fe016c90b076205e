"""Patterns that say which files of a folder are meant, after the manner of gitignore(5).

`*.mov` and `proxies` mean files and folders of such a name at any depth, `day 1/*.mov` and `/a.mov` are read from the
folder that the patterns belong to, `**` stands for any number of folders, and a folder stands for all that is in it.
What follows the last dot of a name is compared without regard to case: cameras write `.MOV`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from indexer.errors import UsageError

_CLASS = re.compile(r"\[(!?)(\][^\]/]*|[^\]/]+)\]")


@dataclass(frozen=True, slots=True)
class Choice:
    """Which files are meant: all, or what `include` names; less what `exclude` names. Paths are relative, with `/`."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def takes(self, path: str) -> bool:
        return (not self.include or matches_any(path, self.include)) and not matches_any(path, self.exclude)

    def enters(self, folder: str) -> bool:
        """Whether anything in a folder may be meant."""
        return not matches_any(f"{folder}/", self.exclude)


def matches_any(path: str, patterns: Sequence[str]) -> bool:
    """Whether a pattern means this file or a folder around it. A folder's own path ends with `/`."""
    return any(_compiled(pattern).fullmatch(path) for pattern in patterns)


def require_sane(pattern: str) -> None:
    """Raise `UsageError` for a pattern that could never match, or that other tools read otherwise."""
    parts = pattern.strip("/").split("/")
    if not pattern.strip("/"):
        raise UsageError("a pattern needs a name in it, such as '*.mov' or 'proxies/'")
    if pattern.startswith("!"):
        raise UsageError(f"{pattern!r}: a pattern does not begin with '!'; use --include for what is wanted")
    if {"", ".", ".."} & set(parts):
        raise UsageError(f"{pattern!r}: patterns are read from the watched folder; leave out '.', '..' and '//'")
    if "[" in _CLASS.sub("", pattern):
        raise UsageError(f"{pattern!r}: a '[' that is not closed; write [[] for the sign itself")
    try:
        _compiled(pattern)
    except re.error as error:
        raise UsageError(f"{pattern!r}: {error}") from None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """What it means for a path to match, or for a folder around it."""
    inner = pattern.strip("/")
    below = "/.*" if pattern.endswith("/") else "(?:/.*)?"
    is_anchored = "/" in pattern.rstrip("/")
    return re.compile(("" if is_anchored else "(?:.*/)?") + _of_parts(inner.split("/")) + below, re.DOTALL)


def _of_parts(parts: Sequence[str]) -> str:
    """The path itself, part by part; a `**` takes the stroke beside it along."""
    written = ""
    for number, part in enumerate(parts):
        is_last = number == len(parts) - 1
        if part == "**":
            written += ".+" if is_last else "(?:.*/)?"
        else:
            written += _of_name(part) + ("" if is_last else "/")
    return written


def _of_name(part: str) -> str:
    dot = _CLASS.sub(lambda found: "_" * len(found[0]), part).rfind(".")
    return _of_signs(part) if dot < 0 else _of_signs(part[:dot]) + rf"\.(?i:{_of_signs(part[dot + 1 :])})"


def _of_signs(text: str) -> str:
    written, place = "", 0
    while place < len(text):
        found = _CLASS.match(text, place)
        if found:
            written += f"[{'^/' if found[1] else ''}{_escaped_class(found[2])}]"
            place = found.end()
            continue
        written += {"*": "[^/]*", "?": "[^/]"}.get(text[place]) or re.escape(text[place])
        place += 1
    return written


def _escaped_class(inner: str) -> str:
    """The signs between brackets; only `-` keeps its meaning."""
    return re.sub(r"([\\\[\]^&~|])", r"\\\1", inner)
