"""A library as its readers see it: search, browse, look inside, take a clip or a video out."""

import shutil
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Literal

from indexer import media
from indexer.domain import (
    Filters,
    Hit,
    Listing,
    Location,
    Pixels,
    SearchResult,
    Segment,
    SegmentId,
    Video,
    VideoId,
)
from indexer.embedding import Embedder, ImageEmbedder, make_image_embedder
from indexer.errors import UsageError
from indexer.library.care import Care
from indexer.library.places import Places
from indexer.library.texts import Texts
from indexer.library.work import Work
from indexer.library_folder import LibraryFolder
from indexer.search import Searcher
from indexer.store import Database, Removed, SegmentDetail, hits, roots, segments, settings, spools, videos


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
    """One library, open for reading; what changes it says so. Safe to share between threads.

    `places`, `work`, `texts` and `care` are what can be done to it besides.
    """

    folder: LibraryFolder
    database: Database
    make_embedder: Callable[[], Embedder]
    writable: Callable[[], Database]
    make_image_embedder: Callable[[str], ImageEmbedder] = make_image_embedder  # by the name the library knows it by

    @cached_property
    def places(self) -> Places:
        return Places(self.database, self.writable)

    @cached_property
    def work(self) -> Work:
        return Work(self.database, self.writable)

    @cached_property
    def texts(self) -> Texts:
        return Texts(self.database, self.writable, self.make_embedder)

    @cached_property
    def care(self) -> Care:
        return Care(self.folder, self.database, self.writable, self.make_embedder)

    @cached_property
    def _cutting(self) -> defaultdict[SegmentId, Lock]:
        return defaultdict(Lock)  # one for each clip: a slow cut holds nobody else's up

    @cached_property
    def _searcher(self) -> Searcher:
        return Searcher(self.folder, self.database, self.make_embedder, self.make_image_embedder)

    def search(
        self,
        query: str,
        *,
        filters: Filters | None = None,
        limit: int = 20,
        listing: Listing = "moments",
        per_video: int | None = None,
    ) -> SearchResult:
        """The best `limit` segments, moments or videos for words, names or a description; how these come about:
        docs/search.md. Never raises for what was typed.

        At most `per_video` of one video; None: three moments, but any number where `filters` name one video. Of
        segments any number.
        """
        return self._searcher.search(
            query, filters=filters or Filters(), limit=limit, listing=listing, per_video=per_video
        )

    def similar(self, segment: SegmentId, *, filters: Filters | None = None, limit: int = 20) -> SearchResult:
        """Moments like a segment, by its text and its pictures; not its own. Raises `UsageError` for an unknown
        segment, and where there is nothing yet to compare it by."""
        self.segment(segment)
        return self._searcher.similar(segment, filters=filters or Filters(), limit=limit)

    def like_picture(self, picture: Pixels | Path, *, filters: Filters | None = None, limit: int = 20) -> SearchResult:
        """Moments that look like a picture, or like the one in a file. Raises `UsageError` for a file that is none and
        where no keyframe can be compared yet, and `ComponentError` where the image embedder is not on this machine."""
        pixels = media.read_picture(picture) if isinstance(picture, Path) else picture
        return self._searcher.like_picture(pixels, filters=filters or Filters(), limit=limit)

    def why_no_pictures(self) -> str | None:
        """Why a picture can be compared with nothing here, and what to do; None where it can."""
        return self._searcher.why_no_pictures()

    def browse(
        self, *, filters: Filters | None = None, limit: int = 60, listing: Listing = "segments"
    ) -> Sequence[Hit]:
        """Moments of the library in order of arrival, the newest video first: what is shown before any question. Of
        videos the first of each, with how many more there are."""
        return self._searcher.browse(filters=filters or Filters(), limit=limit, listing=listing)

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

    def fields(self, video: VideoId) -> dict[str, str]:
        """What is stated of the whole video, by its file or the archive: {name: value}."""
        self.video(video)
        with self.database.read() as tx:
            return videos.fields(tx, video)

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
            kept = [self.folder.root / path for path in spools.paths_of(tx, video)]
            removed = videos.remove(tx, video)
        shutil.rmtree(self.folder.keyframes_of(video), ignore_errors=True)
        for file in (*kept, *clips):
            file.unlink(missing_ok=True)
        return removed

    def would_remove(self, video: VideoId) -> Removed:
        """What `remove` would take away."""
        self.video(video)
        with self.database.read() as tx:
            return videos.count_for_removal(tx, video)

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
