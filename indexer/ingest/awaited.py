"""Is a new file the one that imported texts have been waiting for? Only names can tell: nobody has seen its content.

Why it is decided so: docs/decisions/0014-footage-that-comes-later.md.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.domain import MediaInfo, VideoId, path_text
from indexer.ingest.file_names import agreement, name_key, path_parts, without_suffix
from indexer.media import FoundFile
from indexer.store import Transaction, awaited_files
from indexer.store.awaited_files import Awaiting
from indexer.store.roots import Root

_TOLD = 5
_LETTERS = re.compile(r"[0-9A-Za-z]+")
_REMEDY = (
    "to join one, import a row with its `identifier` and the file's path as `video`, then `shotlist remove` the video "
    "made of this file and add it again"
)


@dataclass(frozen=True, slots=True)
class Awaited:
    """`video`: the one whose texts are of this file; None where there is none, or nobody can tell which. `told`: what
    people should know of it."""

    video: VideoId | None = None
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a file lies: all parts of its path, and how many of them stand below a registered folder."""

    parts: tuple[str, ...]
    below: int

    def shared(self, name: str) -> int:
        """How many parts at the end of the path and of a `name` are the same; 0 where the file is called otherwise."""
        parts = path_parts(name)
        if not parts or parts[-1] not in (self.parts[-1], without_suffix(self.parts[-1])):
            return 0
        return 1 + agreement(parts[:-1], self.parts[:-1])

    def nearness(self, name: str) -> int:
        """As `shared`; 0 where some folders agree and others do not: cards of one camera have folders and files of the
        same names. Files that came from somewhere else have no folder in common."""
        shared = self.shared(name)
        whole = shared in (len(path_parts(name)), len(self.parts)) or shared >= self.below
        return shared if whole or shared == 1 else 0


def find_awaited(tx: Transaction, file: FoundFile, root: Root, info: MediaInfo) -> Awaited:
    """Which video of imported texts a file of unknown content in `root` is: the one that was named by its path, else by
    its file name (with its suffix or without), else by the reel it states."""
    path = path_text(file.path)
    place = _Place(path_parts(path), len(path_parts(path_text(file.path.relative_to(root.path)))))
    found = awaited_files.awaiting(tx, _letters(file.path.stem))
    nearest = max((place.nearness(one.name) for one in found), default=0)
    named = [one for one in found if nearest and place.nearness(one.name) == nearest]
    if not named:
        return _of_reel(tx, info.reel) if info.reel else Awaited()
    if len({one.video for one in named}) > 1:
        return Awaited(told=(f"texts were imported for several videos that it may be: {_told(named)}; {_REMEDY}",))
    (name, *_) = named
    others = [
        other
        for other in awaited_files.other_files(tx, _letters(file.path.stem))
        if other.size != file.size and other.path != path  # as many bytes: a copy of it, or the very same
    ]
    rivals = {other.path: _Place(path_parts(other.path), 0).shared(name.name) for other in others}
    if any(shared > nearest for shared in rivals.values()):
        return Awaited()
    if alike := [path for path, shared in rivals.items() if shared == nearest]:
        also = ", ".join(alike[:_TOLD]) + (f" and {len(alike) - _TOLD} more" if len(alike) > _TOLD else "")
        return Awaited(told=(f"texts were imported for {_told([name])}, which may be this file or {also}; {_REMEDY}",))
    return Awaited(name.video, (f"texts of it were imported before: it is {_told([name])}, and they stay",))


def _of_reel(tx: Transaction, reel: str) -> Awaited:
    """A tape may have become several files: its texts are joined to none, once that is seen."""
    found = awaited_files.awaiting(tx, _letters(reel))
    named = [one for one in found if one.is_identifier and name_key(one.name) == name_key(reel)]
    if not named:
        return Awaited()
    if len(named) > 1 or awaited_files.videos_of_reel(tx, reel):
        return Awaited(told=(f"texts were imported for reel {_told(named)}, of which there are more files; {_REMEDY}",))
    return Awaited(named[0].video, (f"texts of its reel were imported before: it is {_told(named)}, and they stay",))


def _letters(name: str) -> str:
    """The longest part of a name that is written alike wherever it stands."""
    return max(_LETTERS.findall(unicodedata.normalize("NFC", path_text(name))), key=len, default="")


def _told(named: Sequence[Awaiting]) -> str:
    distinct = list({one.video: one for one in named}.values())
    more = f" and {len(distinct) - _TOLD} more" if len(distinct) > _TOLD else ""
    return ", ".join(f"{one.name!r} ({one.video})" for one in distinct[:_TOLD]) + more
