"""What the page asks of a library, and the one library of this process."""

import gc
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Protocol

from indexer.bootstrap import open_library
from indexer.domain import Filters, Hit, Listing, Pixels, SearchResult, Segment, SegmentId, Video, VideoId
from indexer.settings import Settings


class ReadableLibrary(Protocol):
    """The part of `indexer.library.Library` that the page reads."""

    def search(
        self,
        query: str,
        *,
        filters: Filters | None = None,
        limit: int = 20,
        listing: Listing = "moments",
        per_video: int | None = None,
    ) -> SearchResult: ...
    def similar(self, segment: SegmentId, *, filters: Filters | None = None, limit: int = 20) -> SearchResult: ...
    def like_picture(
        self, picture: Pixels | Path, *, filters: Filters | None = None, limit: int = 20
    ) -> SearchResult: ...
    def why_no_pictures(self) -> str | None: ...
    def browse(
        self, *, filters: Filters | None = None, limit: int = 60, listing: Listing = "segments"
    ) -> Sequence[Hit]: ...
    def videos(self) -> list[Video]: ...
    def video(self, video: VideoId) -> Video: ...
    def fields(self, video: VideoId) -> dict[str, str]: ...
    def segment(self, segment: SegmentId) -> Segment: ...
    def facets(self) -> dict[str, dict[str, int]]: ...
    def folders(self) -> list[str]: ...
    def keyframe(self, segment: SegmentId) -> Path: ...
    def clip(self, segment: SegmentId) -> Path: ...


OpenLibrary = Callable[[], ReadableLibrary]
"""Gives the library. Raises `ShotlistError` while there is none that can be used."""

_opening = Lock()


def library() -> ReadableLibrary:
    """The library that the settings name, opened once a process; a failure is not remembered, so it can be mended."""
    with _opening:
        return _opened()


@cache
def _opened() -> ReadableLibrary:
    """What is loaded by now stays: to look through it for garbage again and again would hold searches up by 70 ms."""
    opened = open_library(Settings())
    gc.freeze()
    return opened
