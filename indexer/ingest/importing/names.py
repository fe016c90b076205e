"""Which video a name means: one of the library by its id, identifier, path or file name, or one that is named for the
first time."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from indexer.ingest.importing.bad_rows import RowError
from indexer.store.imports import NamedVideo

_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")
_TOLD = 5


@dataclass(slots=True, eq=False)
class Named:
    """A video that rows are about. `known` None: it is named for the first time, as `name`."""

    name: str
    known: NamedVideo | None = None
    identifier: str = ""

    def __str__(self) -> str:
        if self.known is None:
            return self.name
        called = next(iter(self.known.paths), self.name)
        return f"{self.known.id} ({called})"


@dataclass
class Names:
    """All names known so far. Case does not matter, nor how accents are encoded."""

    _exact: dict[str, list[Named]] = field(default_factory=dict)
    _files: dict[str, list[tuple[tuple[str, ...], Named]]] = field(default_factory=dict)  # by name, and without suffix

    @classmethod
    def of(cls, videos: Sequence[NamedVideo]) -> "Names":
        names = cls()
        for video in videos:
            called = Named(video.identifier or video.file_name or video.id, video, video.identifier)
            for name in filter(None, (video.id, video.identifier, video.file_name)):
                names.add(name, called)
            for path in video.paths:
                names._add_path(path, called)
        return names

    def add(self, name: str, video: Named) -> None:
        """Let this name mean this video from now on, whatever else it may mean."""
        videos = self._exact.setdefault(_key(name), [])
        if video not in videos:
            videos.append(video)
            self._add_path(name, video)

    def find(self, video: str, identifier: str) -> Named | None:
        """The video that a row's columns mean; None for one that is not known. Raises `RowError` where they may mean
        several. A name counts for no video that is known to have another identifier."""
        if identifier and (found := self._exact.get(_key(identifier))):
            return _only(found, identifier)
        meant = self._meant(video) if video else []
        return _only([one for one in meant if not (identifier and one.identifier)], video)

    def _meant(self, typed: str) -> list[Named]:
        """By exactly this name, else by as much of a path as agrees."""
        if exact := self._exact.get(_key(typed)):
            return exact
        parts = _parts(typed)
        alike = [(_agreement(parts, path), video) for path, video in self._files.get(parts[-1], ())] if parts else []
        most = max((agreed for agreed, _ in alike), default=0)
        if len(parts) > 1 and most < 2:  # a file of that name, in a folder of another
            return []
        return [video for agreed, video in alike if agreed == most]

    def _add_path(self, path: str, video: Named) -> None:
        parts = _parts(path)
        if parts:
            for last in {parts[-1], _SUFFIX.sub("", parts[-1])}:
                self._files.setdefault(last, []).append(((*parts[:-1], last), video))


def _only(videos: Sequence[Named], typed: str) -> Named | None:
    distinct = list(dict.fromkeys(videos))
    if len(distinct) > 1:
        told = ", ".join(str(one) for one in distinct[:_TOLD])
        more = f" and {len(distinct) - _TOLD} more" if len(distinct) > _TOLD else ""
        raise RowError("ambiguous_video", f"{typed!r} may mean {told}{more}; give the path or the id")
    return distinct[0] if distinct else None


def _agreement(one: Sequence[str], other: Sequence[str]) -> int:
    """How many parts are the same from the end on."""
    count = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        count += 1
    return count


def _parts(path: str) -> tuple[str, ...]:
    return tuple(part for part in _key(path).replace("\\", "/").split("/") if part and part != ".")


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold().strip()
