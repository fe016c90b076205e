"""A library held in memory, with pictures and footage it draws itself: for the page, which only reads."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

from indexer.domain import (
    Correction,
    Evidence,
    Facet,
    Filters,
    Hit,
    Listing,
    Location,
    Pixels,
    Recipe,
    SearchResult,
    Segment,
    SegmentId,
    Strength,
    Video,
    VideoId,
    segment_of,
)
from indexer.errors import MediaFailed, UsageError
from indexer.library_folder import LibraryFolder
from indexer.timecode import MICROSECONDS, StartTimecode

SECONDS_A_MOMENT = 4
HARBOUR, HALL, LOST = VideoId("v1"), VideoId("v2"), VideoId("v3")
CAPTIONS: dict[VideoId, tuple[tuple[str, tuple[Facet, ...]], ...]] = {
    HARBOUR: (
        (
            "A red boat moves left across the harbour at dawn.",
            (Facet("camera", "static"), Facet("light", "warm"), Facet("tag", "dawn")),
        ),
        ("The camera pans left over moored boats.", (Facet("camera", "pan left"), Facet("light", "daylight-like"))),
        ("Gulls over a grey quay; the camera zooms in.", (Facet("camera", "zoom in"), Facet("light", "cool"))),
    ),
    HALL: (
        ("Two people talk in a dark hall.", (Facet("camera", "static"), Facet("light", "dark"))),
        ('<img src=x onerror="window.broken=1"> [press](javascript:alert(1)) **bold**', (Facet("camera", "pan left"),)),
    ),
    LOST: (("A train leaves a snowy station.", (Facet("camera", "tilt up"),)),),
}


@dataclass
class FakeLibrary:
    """Three videos of drawn footage, one of them with no file that can be read. Words match whole words only."""

    folder: LibraryFolder
    shown: list[Video] = field(default_factory=list)
    moments: list[Hit] = field(default_factory=list)
    pictures: bool = False  # whether it can be searched by them

    def search(
        self,
        query: str,
        *,
        filters: Filters | None = None,
        limit: int = 20,
        listing: Listing = "moments",
        per_video: int | None = None,
    ) -> SearchResult:
        """Of the words, `A THEN B` and `name:value` filters alone; `boaf` is read as `boat`."""
        steps = [self._search(step, filters or Filters()) for step in query.split(" THEN ")]
        hits = _after_one_another(steps) if len(steps) > 1 else steps[0].hits
        if listing == "videos":
            hits = _best_of_each(hits)
        return replace(steps[0], hits=hits[:limit], read_as=" THEN ".join(step.read_as for step in steps))

    def similar(self, segment: SegmentId, *, filters: Filters | None = None, limit: int = 20) -> SearchResult:
        self.segment(segment)
        others = [hit for hit in self.browse(filters=filters) if hit.segment != segment]
        evidence = (Evidence("meaning", 1, "caption", strength="strong"),)
        hits = tuple(replace(hit, evidence=evidence, strength=_likeness(hit, segment)) for hit in others[:limit])
        return SearchResult(hits, "fair", (), "")

    def like_picture(self, picture: Pixels | Path, *, filters: Filters | None = None, limit: int = 20) -> SearchResult:
        evidence = (Evidence("picture", 1, "picture", strength="fair"),)
        hits = self.browse(filters=filters)[:limit]
        return SearchResult(tuple(replace(hit, evidence=evidence) for hit in hits), "fair", (), "")

    def why_no_pictures(self) -> str | None:
        return None if self.pictures else "this library has no image embedder; give it one with: shotlist worker"

    def _search(self, typed: str, filters: Filters) -> SearchResult:
        typed_filters = tuple(word for word in typed.split() if ":" in word)
        corrections = (Correction("boaf", "boat"),) if "boaf" in typed else ()
        query = " ".join(word for word in typed.split() if ":" not in word).replace("boaf", "boat")
        typed_facets = tuple(Facet(*one.split(":")) for one in typed_filters)
        found = self._search_words(query, replace(filters, facets=filters.facets + typed_facets))
        unmet = tuple(one for one in typed_filters if not self._passing(Filters(facets=(Facet(*one.split(":")),))))
        return replace(
            found,
            read_as=" ".join(filter(None, [query, *typed_filters])),
            typed_filters=typed_filters,
            corrections=corrections,
            unmet_filters=unmet,
            remarks=tuple(f"Nothing here is *{one}*." for one in unmet),
        )

    def _search_words(self, query: str, filters: Filters) -> SearchResult:
        asked = [word.strip(".,").casefold() for word in query.split()]
        scored = [_scored(hit, asked) for hit in self.moments if self._passes(hit, filters)]
        hits = tuple(sorted(scored, key=lambda hit: -hit.score))
        known = {word.casefold() for hit in self.moments for word in _words(f"{hit.text} {hit.title}")}
        unknown = tuple(word for word in query.split() if word.casefold() not in known)
        order: list[Strength] = ["none", "weak", "fair", "strong"]
        best = max((hit.strength for hit in hits), key=order.index, default=order[0])
        return SearchResult(hits, order[0] if asked and len(unknown) == len(asked) else best, unknown, query)

    def browse(
        self, *, filters: Filters | None = None, limit: int = 60, listing: Listing = "segments"
    ) -> Sequence[Hit]:
        passing = self._passing(filters or Filters())
        return (_best_of_each(passing) if listing == "videos" else passing)[:limit]

    def videos(self) -> list[Video]:
        return self.shown

    def video(self, video: VideoId) -> Video:
        found = next((one for one in self.shown if one.id == video), None)
        if found is None:
            raise UsageError(f"there is no video {video!r} in this library; `shotlist videos` lists them")
        return found

    def fields(self, video: VideoId) -> dict[str, str]:
        return {"place": "Lisbon", "reel": "R-77"} if video == HARBOUR else {}

    def segment(self, segment: SegmentId) -> Segment:
        hit = next((hit for hit in self.moments if hit.segment == segment), None)
        if hit is None:
            raise UsageError(f"there is no segment {segment!r} in this library")
        return Segment(hit.segment, hit.video, hit.start_us, hit.end_us)

    def facets(self) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {}
        for facet in (facet for hit in self.moments for facet in hit.facets):
            values = counts.setdefault(facet.name, {})
            values[facet.value] = values.get(facet.value, 0) + 1
        return counts

    def folders(self) -> list[str]:
        return ["footage"]

    def keyframe(self, segment: SegmentId) -> Path:
        return self.folder.keyframe(self.segment(segment).video, segment)

    def clip(self, segment: SegmentId) -> Path:
        found = self.segment(segment)
        if self.video(found.video).path is None:
            raise MediaFailed("unreadable", "no clip could be cut: the file cannot be read")
        target = self.folder.clip(segment)
        if not target.exists():
            draw_footage(target, seconds=SECONDS_A_MOMENT)
        return target

    def _passing(self, filters: Filters) -> list[Hit]:
        return [hit for hit in self.moments if self._passes(hit, filters)]

    def _passes(self, hit: Hit, filters: Filters) -> bool:
        length = (hit.end_us or 0) - hit.start_us
        recorded = self.video(hit.video).recorded_at or ""
        values: dict[str, set[str]] = {}
        for facet in filters.facets:
            values.setdefault(facet.name, set()).add(facet.value)
        return (
            (not filters.videos or hit.video in filters.videos)
            and (filters.folder is None or filters.folder in str(hit.path))
            and (filters.recorded_from is None or filters.recorded_from <= recorded)
            and (filters.recorded_to is None or recorded[: len(filters.recorded_to)] <= filters.recorded_to)
            and (filters.longer_us is None or length >= filters.longer_us)
            and (filters.shorter_us is None or length <= filters.shorter_us)
            and all(any(Facet(name, value) in hit.facets for value in some) for name, some in values.items())
        )


def fake_library(root: Path) -> FakeLibrary:
    """A library in `root`, its keyframes and footage drawn there."""
    folder = LibraryFolder(root / "library")
    folder.create()
    library = FakeLibrary(folder)
    for number, (video, title) in enumerate({HARBOUR: "Harbour morning", HALL: "Town hall", LOST: "Station"}.items()):
        path = root / f"{title}.mp4"
        length = len(CAPTIONS[video]) * SECONDS_A_MOMENT
        if video != LOST:
            draw_footage(path, seconds=length)
        made = _video(video, title, path, length_us=length * MICROSECONDS)
        library.shown.append(made)
        library.moments += [_moment(folder, made, place, hue=number * 70 + place * 25) for place in range(length // 4)]
    return library


def draw_footage(path: Path, *, seconds: int, codec: str = "libx264") -> None:
    """Footage of 320x180 at 25 frames a second, in which a bright bar moves right by 25 pixels a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for number in range(seconds * 25):
            picture = np.full((180, 320, 3), 40, np.uint8)
            picture[:, number % 310 : number % 310 + 10] = 220
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))


def _video(video: VideoId, title: str, path: Path, *, length_us: int) -> Video:
    return Video(
        id=video,
        title=title,
        kind="file",
        duration_us=length_us,
        width=320,
        height=180,
        rate=Fraction(25),
        start_timecode=StartTimecode("10:00:00:00") if video == HARBOUR else None,
        recorded_at="2024-05-17T06:12:00.000000Z" if video == HARBOUR else None,
        codec="h264",
        container="mov,mp4,m4a,3gp,3g2,mj2",
        complete=True,
        locations=(Location(path, path.exists(), "footage", path.name, 0),),
    )


def _moment(folder: LibraryFolder, video: Video, place: int, *, hue: int) -> Hit:
    start_us = place * SECONDS_A_MOMENT * MICROSECONDS
    segment = segment_of(video.id, start_us, start_us + SECONDS_A_MOMENT * MICROSECONDS)
    keyframe = folder.keyframe(video.id, segment.id)
    keyframe.parent.mkdir(parents=True, exist_ok=True)
    Image.new("HSV", (320, 180), (hue % 256, 120, 150)).convert("RGB").save(keyframe)
    caption, facets = CAPTIONS[video.id][place]
    return Hit(
        video=video.id,
        identifier=None,
        title=video.title,
        path=video.path,
        segment=segment.id,
        start_us=segment.start_us,
        end_us=segment.end_us,
        timecode=video.timecode(start_us),
        text=caption,
        recipe=Recipe("measured/1"),
        score=0.0,
        strength="fair",
        evidence=(),
        keyframe=keyframe,
        facets=facets,
    )


def _scored(hit: Hit, asked: Sequence[str]) -> Hit:
    in_caption = tuple(word for word in _words(hit.text) if word.casefold() in asked)
    in_title = tuple(word for word in _words(hit.title) if word.casefold() in asked)
    evidence = [Evidence("meaning", 1, "caption")]
    if in_title:
        evidence.insert(0, Evidence("name", 1, "title", in_title))
    if in_caption:
        evidence.insert(0, Evidence("words", 1, "caption", in_caption))
    strength: Strength = "strong" if in_title or len(in_caption) > 1 else "fair" if in_caption else "weak"
    return replace(hit, score=len(in_caption) + len(in_title), strength=strength, evidence=tuple(evidence))


def _likeness(hit: Hit, segment: SegmentId) -> Strength:
    """As if nothing were like the last video but itself."""
    return "weak" if hit.video == LOST or segment == segment_of(LOST, 0, SECONDS_A_MOMENT * MICROSECONDS).id else "fair"


def _best_of_each(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    best: dict[VideoId, Hit] = {}
    for hit in hits:
        known = best.get(hit.video)
        best[hit.video] = replace(known, more=known.more + 1) if known else hit
    return tuple(best.values())


def _after_one_another(steps: Sequence[SearchResult]) -> tuple[Hit, ...]:
    """The first hits of two steps that stand in this order in a video."""
    pairs = [
        (first, second)
        for first in steps[0].hits
        for second in steps[1].hits
        if first.video == second.video
        and first.score
        and second.score
        and first.end_us is not None
        and first.end_us <= second.start_us
    ]
    return tuple(
        replace(
            first, end_us=second.end_us, segments=(first.segment, second.segment), steps=(first, second), evidence=()
        )
        for first, second in pairs
    )


def _words(text: str) -> list[str]:
    return [word.strip(".,;") for word in text.split()]
