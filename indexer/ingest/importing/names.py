"""Which video a name means: one of the library by its id, identifier, path or file name, or one that is named for the
first time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from indexer.ingest.file_names import agreement, name_key, path_parts, without_suffix
from indexer.ingest.importing.bad_rows import RowError
from indexer.store.imports import NamedVideo

_TOLD = 5


@dataclass(slots=True, eq=False)
class Named:
    """A video that rows are about. `known` None: it is named for the first time, as `name`. `near`: what it may have
    been meant to be."""

    name: str
    known: NamedVideo | None = None
    identifier: str = ""
    near: Sequence["Named"] = ()

    def __str__(self) -> str:
        if self.known is None:
            return self.name
        called = next(iter(self.known.paths), self.name)
        return f"{self.known.id} ({called})"

    @property
    def mistaken(self) -> str:
        """What to say of one that was taken for a new video, where that may be a slip."""
        if self.known is not None or not self.near:
            return ""
        return f"{self.name!r} is taken for a new video, beside {_told(self.near)}; give the id if it is that one"


@dataclass(frozen=True, slots=True)
class _Path:
    """A path of a video. At least its last `telling` parts have to agree: those that stand below a registered folder,
    or all of them."""

    parts: tuple[str, ...]
    telling: int
    video: Named


@dataclass
class Names:
    """All names known so far. Case does not matter, nor how accents are encoded."""

    _exact: dict[str, list[Named]] = field(default_factory=dict)
    _reels: dict[str, list[Named]] = field(default_factory=dict)  # a tape is what it became, if that is one file
    _files: dict[str, list[_Path]] = field(default_factory=dict)  # by name, and without the suffix of a media file

    @classmethod
    def of(cls, videos: Sequence[NamedVideo]) -> "Names":
        names = cls()
        for video in videos:
            called = Named(video.identifier or video.file_name or video.id, video, video.identifier)
            for name in filter(None, (video.id, video.identifier, video.file_name)):
                names.add(name, called)
            if video.reel:
                names._reels.setdefault(name_key(video.reel), []).append(called)
            for path, below in zip_longest(video.paths, video.below_roots):
                names._add_path(path, called, below)
        return names

    def add(self, name: str, video: Named) -> None:
        """Let this name mean this video from now on, whatever else it may mean."""
        videos = self._exact.setdefault(name_key(name), [])
        if video not in videos:
            videos.append(video)
            self._add_path(name, video)

    def find(self, video: str, identifier: str) -> Named | None:
        """The video that a row's columns mean; None for one that is not known. Raises `RowError` where they may mean
        several. A name counts for no video that is known to have another identifier."""
        if identifier and (found := self._exact.get(name_key(identifier))):
            return _only(found, identifier)
        for name in filter(None, (video, identifier)):
            if meant := [one for one in self._meant(name) if not (identifier and one.identifier)]:
                return _only(meant, name)
        of_reel = self._reels.get(name_key(identifier or video), [])
        return of_reel[0] if len(of_reel) == 1 and not (identifier and of_reel[0].identifier) else None

    def near(self, typed: str) -> list[Named]:
        """Videos of that file name in folders of other names: a path that is not known may be a slip."""
        parts = path_parts(typed)
        return list(dict.fromkeys(path.video for path in self._files.get(parts[-1], ()))) if parts else []

    def _meant(self, typed: str) -> list[Named]:
        """By exactly this name, else by a path: one is the end of the other, by a folder at least, or they differ only
        above a registered folder. Cards of one camera have the same folders and files below different ones."""
        if exact := self._exact.get(name_key(typed)):
            return exact
        parts = path_parts(typed)
        agreed: dict[int, list[Named]] = {}
        for path in self._files.get(parts[-1], ()) if parts else ():
            count = agreement(parts, path.parts)
            if count == len(parts) or (count > 1 and count >= path.telling):
                agreed.setdefault(count, []).append(path.video)
        return agreed[max(agreed)] if agreed else []

    def _add_path(self, path: str, video: Named, below: str | None = None) -> None:
        parts = path_parts(path)
        if parts:
            for last in {parts[-1], without_suffix(parts[-1])}:
                telling = len(path_parts(path if below is None else below))
                self._files.setdefault(last, []).append(_Path((*parts[:-1], last), telling, video))


def _only(videos: Sequence[Named], typed: str) -> Named | None:
    distinct = list(dict.fromkeys(videos))
    if len(distinct) > 1:
        raise RowError("ambiguous_video", f"{typed!r} may mean {_told(distinct)}; give the path or the id")
    return distinct[0] if distinct else None


def _told(videos: Sequence[Named]) -> str:
    more = f" and {len(videos) - _TOLD} more" if len(videos) > _TOLD else ""
    return ", ".join(str(one) for one in videos[:_TOLD]) + more
