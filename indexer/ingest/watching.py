"""What has changed in a watched folder: what is there, compared with what the library knows. Pure; `watcher` looks.

Nothing has to have been awake to notice a change, so it does not matter how long nobody looked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from indexer.store.watched import Sight

_SECOND_NS = 1_000_000_000

Patience = Literal["look again", "once"]
"""Whether a file that nobody has written to for long is believed at the second look, or at once: the only one."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a look began: by a clock that never jumps, and by the one that files are dated with."""

    steady_s: float
    wall_ns: int


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Files below a folder, by path: those that are videos, and those that were asked for (they wait, or were found
    unfit), each as it was then."""

    located: Mapping[bytes, Sight]
    asked: Mapping[bytes, Sight]

    def knows(self, path: bytes, sight: Sight) -> bool:
        return sight in (self.located.get(path), self.asked.get(path))


class Settling(NamedTuple):
    """A file that is new or has changed, and since when it has looked the same."""

    sight: Sight
    since_s: float
    rested: bool  # it was old when it was first seen like this


@dataclass(frozen=True, slots=True)
class Changes:
    ready: Mapping[bytes, Sight]  # new or changed, and still by now: to be queued
    growing: Mapping[bytes, Settling]  # new or changed, and perhaps not whole yet: the memory for the next look
    missing: tuple[bytes, ...]  # files of videos that were not seen


def compare(
    known: Knowledge,
    seen: Iterable[tuple[bytes, Sight]],
    settling: Mapping[bytes, Settling],
    *,
    now: Moment,
    settle_s: float,
    patience: Patience = "look again",
) -> Changes:
    """What is to be done about the files seen in a folder; `settling` is what the last look found to be growing.

    A file is ready when it has looked the same for `settle_s`, or had not been written to for as long when it was first
    seen. Dates of the future say nothing, so they are waited out.
    """
    ready: dict[bytes, Sight] = {}
    growing: dict[bytes, Settling] = {}
    there: set[bytes] = set()
    for path, sight in seen:
        if path in known.located:
            there.add(path)
        if known.knows(path, sight):
            continue
        before = settling.get(path)
        if before is None or before.sight != sight:
            rested = now.wall_ns - sight.mtime_ns >= settle_s * _SECOND_NS
            growing[path] = Settling(sight, now.steady_s, rested)
            is_ready = rested and patience == "once"
        else:
            growing[path] = before
            is_ready = before.rested or now.steady_s - before.since_s >= settle_s
        if is_ready:
            ready[path] = growing.pop(path).sight
    return Changes(ready, growing, tuple(path for path in known.located if path not in there))
