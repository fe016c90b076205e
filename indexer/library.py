"""The front door for every reader of a library: search, browse, look inside, remove."""

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Literal

from indexer import media
from indexer.domain import (
    Facet,
    FailedUnit,
    Filters,
    Hit,
    Keyframe,
    Location,
    Priority,
    SearchResult,
    Segment,
    SegmentId,
    Video,
    VideoId,
    WorkStatus,
)
from indexer.embedding import Embedder
from indexer.errors import UsageError
from indexer.ingest.editing import edit_text, reject_text, undo_edit
from indexer.ingest.fixity import (
    CheckMoment,
    FixityFinding,
    FixityStatus,
    check_files,
    files_to_check,
    fixity_status,
    record_fixity,
    stop_recording,
    write_manifest,
)
from indexer.ingest.progress import work_status
from indexer.ingest.reindex import PARTS, Part, reindex
from indexer.ingest.roots import (
    MovedFolder,
    RegisteredFolder,
    add_folder,
    list_folders,
    move_folder,
    remove_folder,
    rename_folder,
)
from indexer.ingest.verify import Checked, Finding, Repair, verify
from indexer.ingest.watched_folders import forget_folder, list_watched, watch_folder
from indexer.library_folder import LibraryFolder
from indexer.search import Searcher
from indexer.store import Database, Removed, SegmentDetail, hits, jobs, outcomes, roots, segments, settings, videos
from indexer.store.coverage import RecipeCoverage, coverage, find_recipe
from indexer.store.edits import Edit, history
from indexer.store.fixity import FixityFile
from indexer.store.switching import switch_to
from indexer.store.watched import WatchedFolder

__all__ = [
    "PARTS",
    "CheckMoment",
    "Checked",
    "Edit",
    "Facet",
    "Filters",
    "Finding",
    "FixityFile",
    "FixityFinding",
    "FixityStatus",
    "Hit",
    "Keyframe",
    "Library",
    "LibraryStatus",
    "MovedFolder",
    "RecipeCoverage",
    "RegisteredFolder",
    "Removed",
    "Segment",
    "SegmentDetail",
    "WatchedFolder",
]


_PRIORITIES: dict[Priority, int] = {"high": 10, "normal": 0, "low": -10}  # files of an `add` have 1


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    videos: int
    incomplete: int
    offline: int
    segments: int
    captions: int
    vectors: int
    duration_us: int
    captioner: str | None
    recipes: tuple[str, ...]
    folders: tuple[str, ...]


@dataclass
class Library:
    """One library, open for reading; what changes it says so. Safe to share between threads."""

    folder: LibraryFolder
    database: Database
    make_embedder: Callable[[], Embedder]
    writable: Callable[[], Database]

    @cached_property
    def _cutting(self) -> defaultdict[SegmentId, Lock]:
        return defaultdict(Lock)  # one for each clip: a slow cut holds nobody else's up

    @cached_property
    def _searcher(self) -> Searcher:
        return Searcher(self.folder, self.database, self.make_embedder())

    def search(self, query: str, *, filters: Filters | None = None, limit: int = 20) -> SearchResult:
        """The best `limit` moments for words, names or a description. Never raises for what was typed."""
        return self._searcher.search(query, filters=filters or Filters(), limit=limit)

    def browse(self, *, filters: Filters | None = None, limit: int = 60) -> Sequence[Hit]:
        """Moments of the library in order of arrival, the newest video first: what is shown before any question."""
        return self._searcher.browse(filters=filters or Filters(), limit=limit)

    def videos(self) -> list[Video]:
        """Every video, by title."""
        with self.database.read() as tx:
            return videos.load(tx)

    def video(self, video: VideoId) -> Video:
        with self.database.read() as tx:
            found = videos.load(tx, [video])
        if not found:
            raise UsageError(f"there is no video {video!r} in this library; `shotlist videos` lists them")
        return found[0]

    def segments(self, video: VideoId) -> list[SegmentDetail]:
        """The segments of a video in order of time, with their captions, keyframes and facets."""
        self.video(video)
        with self.database.read() as tx:
            return segments.details(tx, video)

    def segment(self, segment: SegmentId) -> Segment:
        with self.database.read() as tx:
            found = segments.find(tx, segment)
        if found is None:
            raise UsageError(f"there is no segment {segment!r} in this library")
        return found

    def facets(self) -> dict[str, dict[str, int]]:
        """What can be filtered by: {name: {value: segments}}."""
        with self.database.read() as tx:
            return hits.facet_counts(tx)

    def folders(self) -> list[str]:
        """The registered folders, by name."""
        with self.database.read() as tx:
            return [root.name for root in roots.load(tx)]

    def status(self) -> LibraryStatus:
        with self.database.read() as tx:
            counts = segments.counts(tx)
            loaded = videos.load(tx)
            captioner = settings.get(tx, "captioner")
            recipes = settings.preference(tx)
            folders = [str(root.path) for root in roots.load(tx)]
        return LibraryStatus(
            videos=counts.videos,
            incomplete=sum(video.state == "incomplete" for video in loaded),
            offline=sum(video.state == "offline" for video in loaded),
            segments=counts.segments,
            captions=counts.captions,
            vectors=counts.vectors,
            duration_us=counts.duration_us,
            captioner=captioner,
            recipes=tuple(recipes),
            folders=tuple(folders),
        )

    def keyframe(self, segment: SegmentId) -> Path:
        """Where the segment's picture lies."""
        return self.folder.keyframe(self.segment(segment).video, segment)

    def clip(self, segment: SegmentId) -> Path:
        """The segment alone, as an MP4 that every browser plays; cut once and kept. Raises `MediaError`."""
        found = self.segment(segment)
        target = self.folder.clip(segment)
        with self._cutting[segment]:
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                location = self._readable(found.video)
                clock = self._clock(found.video)
                media.cut_clip(location.path, found.span, target, stream_index=location.stream_index, clock=clock)
        return target

    def remove(self, video: VideoId) -> Removed:
        """Forget a video: its segments, texts, vectors and pictures. Its files are never touched."""
        clips = [self.folder.clip(detail.segment.id) for detail in self.segments(video)]
        with self.writable().write() as tx:
            removed = videos.remove(tx, video)
        shutil.rmtree(self.folder.keyframes_of(video), ignore_errors=True)
        for clip in clips:
            clip.unlink(missing_ok=True)
        return removed

    def would_remove(self, video: VideoId) -> Removed:
        """What `remove` would take away."""
        self.video(video)
        with self.database.read() as tx:
            return videos.count_for_removal(tx, video)

    def roots(self) -> list[RegisteredFolder]:
        """The registered folders, by name, as they are now."""
        with self.database.read() as tx:
            return list_folders(tx)

    def add_root(self, name: str, folder: Path) -> RegisteredFolder:
        """Register a folder under a name; nothing in it is indexed yet. Raises `UsageError` where it cannot be."""
        return add_folder(self.writable(), name, folder)

    def move_root(
        self, name: str, folder: Path, *, wanted: Literal["some files", "nothing"] = "some files"
    ) -> MovedFolder:
        """Note where a registered folder is now: a share mounted elsewhere. Raises `UsageError` where there is no such
        folder, or nothing of what is wanted is in it."""
        return move_folder(self.writable(), name, folder, wanted=wanted)

    def rename_root(self, name: str, new_name: str) -> RegisteredFolder:
        return rename_folder(self.writable(), name, new_name)

    def remove_root(self, name: str) -> None:
        """Forget a registered folder. Raises `UsageError` where a video would lose its last place by that."""
        remove_folder(self.writable(), name)

    # -- watched folders, fixity -------------------------------------------------------------------------------------

    def watched_folders(self) -> list[WatchedFolder]:
        """The folders that `shotlist watch` watches, by path."""
        return list_watched(self.database)

    def watch_folder(self, folder: Path, *, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> WatchedFolder:
        """Let whoever watches watch this folder too. Raises `UsageError` where it is none, or a pattern is unfit."""
        return watch_folder(self.writable(), folder, include=include, exclude=exclude)

    def forget_watched_folder(self, folder: Path) -> WatchedFolder:
        """Watch a folder no more; what was indexed of it stays. Raises `UsageError` for one that is not watched."""
        return forget_folder(self.writable(), folder)

    def fixity(self) -> FixityStatus:
        """Which files have a hash of all their bytes, and what was found when they were last compared."""
        return fixity_status(self.database)

    def record_fixity(self) -> int:
        """Ask for a hash of every file, from now on. Returns how many files wait to be read for that."""
        return record_fixity(self.writable())

    def stop_fixity(self) -> None:
        """Record no more hashes; those that there are stay."""
        stop_recording(self.writable())

    def files_to_check(
        self, *, videos: Sequence[VideoId] = (), folder: str | None = None, since: str | None = None
    ) -> list[FixityFile]:
        """Files that have a hash, those that were read longest ago first: see `indexer.ingest.fixity`."""
        return files_to_check(self.database, videos=videos, folder=folder, since=since)

    def check_fixity(
        self, files: Sequence[FixityFile], *, tell: Callable[[CheckMoment], None]
    ) -> Iterator[FixityFinding]:
        """Read files again and compare them with their hashes; each is noted as soon as it is done."""
        return check_files(self.writable(), files, tell=tell)

    def write_manifest(self, target: Path, *, folder: str | None = None) -> int:
        """Write the recorded hashes as `sha256sum --check` reads them. Returns how many."""
        return write_manifest(self.database, target, folder=folder)

    # -- verify, reindex ---------------------------------------------------------------------------------------------

    def verify(self) -> Iterator[Finding | Checked]:
        """Compare the store, the files, the pictures and the indexes with each other: what was looked at, and what is
        wrong, as it is found. Reads only; work may go on meanwhile."""
        return verify(self.folder, self.database, space=self.make_embedder().space)

    def repair(self) -> Repair:
        """What mends findings, as far as that needs no person."""
        return Repair(self.folder, self.writable(), self.make_embedder)

    def reindex(
        self,
        *,
        parts: tuple[Part, ...] = PARTS,
        hubs: Literal["missing", "all"] = "missing",
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Make what is searched anew from the store; search goes on meanwhile. Tells a sentence a step."""
        reindex(self.folder, self.writable(), parts=parts, hubs=hubs, tell=tell)

    # -- the work ----------------------------------------------------------------------------------------------------

    def work(self) -> WorkStatus:
        """What is done, being done and waiting, how fast it goes and how long the rest takes."""
        with self.database.read() as tx:
            return work_status(tx)

    def failures(self, *, limit: int = 100, offset: int = 0) -> list[FailedUnit]:
        """What ended without its result, by reason, the latest first; `work().failures` has the numbers."""
        with self.database.read() as tx:
            return outcomes.failed_units(tx, limit=limit, offset=offset)

    def retry(
        self,
        which: Literal["failed", "failed and refused"] = "failed",
        *,
        video: VideoId | None = None,
        units: Sequence[int] | None = None,
    ) -> int:
        """Take up again what failed: all of it, that of one video, or units that `failures` names (whatever they ended
        as). Returns how many units. Raises `UsageError` for a video or a unit that is not there, or did not fail."""
        if video is not None:
            self.video(video)
        states: Sequence[Literal["failed", "refused"]] = ("failed",) if which == "failed" else ("failed", "refused")
        with self.writable().write() as tx:
            if video is None and units is None:
                return jobs.retry(tx, states=states)
            rows = outcomes.failed_rows(tx, video=video, units=units)
            for unit in units or ():
                if unit not in rows:
                    raise UsageError(f"there is no unit {unit} that failed; `shotlist failures` lists those that did")
            return jobs.retry(tx, rows=rows, states=states if units is None else ("failed", "refused"))

    def pause(self) -> None:
        """Let all workers hold still, until `resume`; nothing is lost."""
        with self.writable().write() as tx:
            jobs.pause(tx)

    def resume(self) -> None:
        with self.writable().write() as tx:
            jobs.resume(tx)

    def prioritise(self, video: VideoId, level: Priority) -> int:
        """Let what is still to be done for a video go before, or after, the rest. Returns how many units that is."""
        self.video(video)
        with self.writable().write() as tx:
            return jobs.raise_priority(tx, video, _PRIORITIES[level])

    def edit(self, segment: SegmentId, text: str, *, author: str) -> None:
        """Let `text` be what a segment is searched by, from now on and through every re-captioning."""
        edit_text(self.writable(), self.make_embedder(), segment, text, author=author)

    def reject(self, segment: SegmentId, *, author: str) -> None:
        """Hide the text a segment is searched by; it is kept, and the next one in line takes its place."""
        reject_text(self.writable(), self.make_embedder(), segment, author=author)

    def undo(self, segment: SegmentId, *, author: str) -> Edit:
        """Take back the last thing done to a segment's texts that is not undone yet, and say what it was."""
        return undo_edit(self.writable(), self.make_embedder(), segment, author=author)

    def history(self, segment: SegmentId) -> list[Edit]:
        """What people did to a segment's texts, oldest first."""
        with self.database.read() as tx:
            return history(tx, segment)

    def recipes(self) -> list[RecipeCoverage]:
        """What wrote captions or is to write some, in the order of search, and how far each is."""
        with self.database.read() as tx:
            return coverage(tx)

    def use_recipe(self, name_or_number: str) -> RecipeCoverage:
        """Search the captions of this recipe first, and have new footage captioned so. Returns how far it is."""
        with self.writable().write() as tx:
            recipe = find_recipe(tx, name_or_number)
            switch_to(tx, recipe)
            return next(one for one in coverage(tx) if one.recipe == recipe)

    def _clock(self, video: VideoId) -> Literal["steady", "jumps"]:
        """A video that was indexed before frames were counted may be of either kind."""
        with self.database.read() as tx:
            decoded = videos.decoded(tx, video)
        return "jumps" if decoded is None or len(decoded.stretches) > 1 else "steady"

    def _readable(self, video: VideoId) -> Location:
        location = self.video(video).location
        if location is None:
            raise UsageError(
                "no file of this video can be read now; connect its disk, or say where its folder is now with: "
                "shotlist roots move"
            )
        return location
