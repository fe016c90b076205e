"""A hit -> what the browser is told of it. Plain values only: the scripts place every text by `textContent`."""

import base64
import re
from collections.abc import Sequence
from typing import TypedDict

from indexer.domain import Hit, Video
from indexer.timecode import MICROSECONDS, can_drop_frames, clock, short_duration
from search_ui import address, wording
from search_ui.footage_routes import clip_address, keyframe_address, video_address

Pieces = list[tuple[str, bool]]
"""A text in pieces, each with whether it is to be marked."""


class Card(TypedDict):
    id: str
    link: dict[str, str]
    title: Pieces
    caption: Pieces
    name: str
    timecode: str
    length: str
    reasons: str
    picture: str | None
    blur: str | None
    video: str | None
    start: float
    end: float | None


class Playing(TypedDict):
    """What the player plays. Times are seconds from the video's first frame."""

    key: str
    title: str
    link: dict[str, str]
    video: str | None
    clip: str | None
    poster: str | None
    at: float
    start: float
    end: float | None
    duration: float | None
    rate: tuple[int, int] | None
    first_frame: int
    drop_frame: bool
    place: int
    places: int


class About(TypedDict):
    caption: Pieces
    recipe: str
    reasons: list[str]
    facets: list[tuple[str, str]]
    facts: list[tuple[str, str]]
    path: str | None


def card(hit: Hit) -> Card:
    title = hit.title or "Untitled"
    return {
        "id": hit.segment,
        "link": address.link(hit.video, hit.start_us),
        "title": wording.split_at_words(title, wording.marked_words(hit, field="title")),
        "caption": caption_pieces(hit),
        "name": f"{title}, {moment_time(hit)}. {hit.text}",
        "timecode": moment_time(hit),
        "length": short_duration(hit.end_us - hit.start_us) if hit.end_us is not None else "open",
        "reasons": " · ".join(wording.reasons(hit.evidence)),
        "picture": keyframe_address(hit.segment) if hit.keyframe else None,
        "blur": _inline(hit.placeholder) if hit.placeholder else None,
        "video": video_address(hit.video) if hit.path else None,
        "start": _seconds(hit.start_us),
        "end": None if hit.end_us is None else _seconds(hit.end_us),
    }


def playing(hit: Hit, video: Video, *, at_us: int, place: int, places: int) -> Playing:
    """`at_us`: where to begin, inside the moment; `place` of `places`: which of the results it is, from 1."""
    start = video.start_timecode
    return {
        "key": f"{hit.segment} {at_us}",
        "title": hit.title,
        "link": address.link(hit.video, hit.start_us),
        "video": video_address(hit.video) if hit.path else None,
        "clip": clip_address(hit.segment) if hit.path and hit.end_us is not None else None,
        "poster": keyframe_address(hit.segment) if hit.keyframe else None,
        "at": _seconds(at_us),
        "start": _seconds(hit.start_us),
        "end": None if hit.end_us is None else _seconds(hit.end_us),
        "duration": None if video.duration_us is None else _seconds(video.duration_us),
        "rate": (video.rate.numerator, video.rate.denominator) if video.rate else None,
        "first_frame": start.frames(video.rate) if start and video.rate else 0,
        "drop_frame": bool(start and start.drop_frame and video.rate and can_drop_frames(video.rate)),
        "place": place,
        "places": places,
    }


def about(hit: Hit, video: Video) -> About:
    return {
        "caption": caption_pieces(hit),
        "recipe": hit.recipe or "",
        "reasons": wording.reasons(hit.evidence),
        "facets": [(facet.name.replace("_", " "), facet.value) for facet in hit.facets],
        "facts": _facts(hit, video),
        "path": str(hit.path).encode("utf-8", "replace").decode() if hit.path else None,
    }


def caption_pieces(hit: Hit) -> Pieces:
    return wording.split_at_words(hit.text, wording.marked_words(hit, field="caption"))


def moment_time(hit: Hit) -> str:
    return hit.timecode or clock(hit.start_us)


def _facts(hit: Hit, video: Video) -> list[tuple[str, str]]:
    end = "the end" if hit.end_us is None else video.timecode(hit.end_us)
    rate = f"{float(video.rate):.6g} frames/s" if video.rate else "variable frame rate"
    facts: Sequence[tuple[str, str | None]] = (
        ("Moment", f"{video.timecode(hit.start_us)} – {end}"),
        ("Identifier", hit.identifier),
        ("Recorded", video.recorded_at and _readable_time(video.recorded_at)),
        ("Footage", f"{video.width}×{video.height} · {rate} · {video.codec} in {_container(video)}"),
        ("Video", short_duration(video.duration_us) if video.duration_us is not None else None),
    )
    return [(name, value) for name, value in facts if value]


def _container(video: Video) -> str:
    """One name of the several by which some containers go (`mov,mp4,m4a`): the file's own where it is among them."""
    names = video.container.split(",")
    suffixes = [location.path.suffix.lstrip(".").lower() for location in video.locations]
    return next((suffix for suffix in suffixes if suffix in names), names[0])


def _readable_time(iso: str) -> str:
    """`2024-06-21 20:48:00 UTC`; without a fraction of nothing, and as it stands where it is only a date."""
    return re.sub(r"\.0+(?=\D|$)", "", iso).replace("T", " ").replace("Z", " UTC")


def _inline(webp: bytes) -> str:
    return f"data:image/webp;base64,{base64.b64encode(webp).decode('ascii')}"


def _seconds(t_us: int) -> float:
    return t_us / MICROSECONDS
