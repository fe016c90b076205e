"""Which video is a file? The decisions, as functions of what is known; `identity` looks and writes down."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from indexer.domain import Decoded, Location, path_text

Presence = Literal["there", "gone", "away"]
"""Of a file the library knows: `away` is one whose disk or share may only be unplugged now."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A place of a video, and whether its file is there."""

    location: Location
    presence: Presence


@dataclass(frozen=True, slots=True)
class Settled:
    """What a file of known content is to its video, and which of the other places are no more."""

    reason: Literal["moved", "copy"]
    message: str
    gone: tuple[Location, ...] = ()


_FINDINGS: tuple[tuple[Presence, Literal["moved", "copy"], str], ...] = (
    ("there", "copy", "a copy of {}"),
    ("away", "moved", "the same as {}, which cannot be read now"),
    ("gone", "moved", "moved here from {}"),
)


def settle(others: Sequence[Sighting]) -> Settled:
    """A file of a known video lies where none of it was known; `others` are the places that are known.

    Only files that are certainly gone are forgotten: a share that is away keeps its places.
    """
    gone = tuple(one.location for one in others if one.presence == "gone")
    for wanted, reason, words in _FINDINGS:
        first = next((one.location.path for one in others if one.presence == wanted), None)
        if first is not None:
            return Settled(reason, words.format(path_text(first)), gone)
    return Settled("moved", "found again: no other file of its video was known")


def is_same_footage(before: Decoded | None, now: Decoded) -> bool:
    """Whether changed bytes at a known place are the same video, re-tagged or written anew: as many frames, as long.

    A video whose frames were never counted is never taken for another file's.
    """
    return before is not None and (before.frames, before.end_us) == (now.frames, now.end_us)
