"""A hit -> what the drawer tells of it: what the player plays, and all that is known. Plain values only."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, TypedDict

from indexer.domain import Hit, Segment, Video
from indexer.timecode import can_drop_frames, short_duration
from search_ui import address, wording
from search_ui.address import Link
from search_ui.cards import Pieces, Quote, Small, Videos, caption_pieces, quotes, seconds, small, span
from search_ui.footage_routes import clip_address, keyframe_address, video_address

_PERSON: Final = "human"  # the recipe of what people wrote
_TAG: Final = "tag"
_LOST: Final = {
    "file": "No file of this video can be read now. Connect its disk, or add its new folder again.",
    "imported": "Only texts of this video are known here. Add its file, and it plays.",
}


class Clip(TypedDict):
    """What is played where the browser cannot play the file: one segment, converted."""

    address: str
    start: float
    end: float


class Playing(TypedDict):
    """What the player plays. Times are seconds from the video's first frame."""

    key: str
    title: str
    link: Link
    video: str | None
    clip: Clip | None
    lost: str | None  # why there is nothing to play
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
    quotes: list[Quote]
    author: str  # who or what wrote the caption
    like: Link
    reasons: list[str]
    steps: list[Small]
    repeats: list[Small]
    tags: list[str]
    facets: list[tuple[str, str]]
    fields: list[tuple[str, Pieces]]  # what the file or the archive states of the whole video
    facts: list[tuple[str, str]]
    path: str | None
    away: str  # what stands in its place


def playing(hit: Hit, video: Video, segment: Segment, *, at_us: int, place: int, places: int) -> Playing:
    """`segment`: the hit's own; `at_us`: where to begin, inside the moment; `place` of `places`: which of the results
    it is, from 1."""
    start = video.start_timecode
    return {
        "key": f"{hit.segment} {hit.start_us} {at_us}",
        "title": hit.title,
        "link": address.link(hit.video, hit.start_us),
        "video": video_address(hit.video) if hit.path else None,
        "clip": _clip(segment) if hit.path else None,
        "lost": None if hit.path else _LOST.get(video.kind, _LOST["file"]),
        "poster": keyframe_address(hit.segment) if hit.keyframe else None,
        "at": seconds(at_us),
        "start": seconds(hit.start_us),
        "end": None if hit.end_us is None else seconds(hit.end_us),
        "duration": None if video.duration_us is None else seconds(video.duration_us),
        "rate": (video.rate.numerator, video.rate.denominator) if video.rate else None,
        "first_frame": start.frames(video.rate) if start and video.rate else 0,
        "drop_frame": bool(start and start.drop_frame and video.rate and can_drop_frames(video.rate)),
        "place": place,
        "places": places,
    }


def about(hit: Hit, video: Video, videos: Videos, *, fields: Mapping[str, str]) -> About:
    """`videos`: those of the hit's steps and repeats; `fields`: what is stated of the whole video."""
    measured = () if hit.steps else hit.facets  # those of a sequence are of its first step alone
    return {
        "caption": [] if hit.steps else caption_pieces(hit),
        "quotes": [] if hit.steps else quotes(hit.evidence),
        "author": "" if hit.steps else _author(hit),
        "like": address.link_to_like(hit.segment),
        "reasons": [] if hit.steps else wording.reasons(hit.evidence, strength=hit.strength),
        "steps": [small(step, videos) for step in hit.steps],
        "repeats": [small(one, videos) for one in hit.repeats],
        "tags": [facet.value for facet in measured if facet.name == _TAG],
        "facets": [(_readable(facet.name), facet.value) for facet in measured if facet.name != _TAG],
        "fields": _fields(hit, video, fields),
        "facts": _facts(hit, video),
        "path": str(hit.path).encode("utf-8", "replace").decode() if hit.path else None,
        "away": "none here" if video.kind == "imported" else "not connected",
    }


def _author(hit: Hit) -> str:
    return "a person" if hit.recipe == _PERSON else hit.recipe or ""


def _fields(hit: Hit, video: Video, fields: Mapping[str, str]) -> list[tuple[str, Pieces]]:
    """Without those that stand among the facts."""
    told = {"identifier", "title", *(["recorded"] if video.recorded_at else [])}
    return [
        (_readable(name).capitalize(), wording.marked(value, hit.evidence, fields=[name]))
        for name, value in fields.items()
        if name not in told
    ]


def _readable(name: str) -> str:
    return name.replace("_", " ")


def _clip(segment: Segment) -> Clip | None:
    if segment.end_us is None:
        return None
    return {"address": clip_address(segment.id), "start": seconds(segment.start_us), "end": seconds(segment.end_us)}


def _facts(hit: Hit, video: Video) -> list[tuple[str, str]]:
    moment = span(hit, {video.id: video}).replace("–", " – ")
    facts: Sequence[tuple[str, str | None]] = (
        ("Moment", moment if hit.end_us is not None else f"{moment} – the end"),
        ("Shots", str(len(hit.segments)) if len(hit.segments) > 1 else None),
        ("Identifier", hit.identifier),
        ("Recorded", video.recorded_at and _readable_time(video.recorded_at)),
        ("Footage", _footage(video)),
        ("Video", short_duration(video.duration_us) if video.duration_us is not None else None),
    )
    return [(name, value) for name, value in facts if value]


def _footage(video: Video) -> str | None:
    """None where no file of the video was ever seen."""
    if not video.codec:
        return None
    rate = f"{float(video.rate):.6g} frames/s" if video.rate else "variable frame rate"
    return f"{video.width}×{video.height} · {rate} · {video.codec} in {_container(video)}"


def _container(video: Video) -> str:
    """One name of the several by which some containers go (`mov,mp4,m4a`): the file's own where it is among them."""
    names = video.container.split(",")
    suffixes = [location.path.suffix.lstrip(".").lower() for location in video.locations]
    return next((suffix for suffix in suffixes if suffix in names), names[0])


def _readable_time(iso: str) -> str:
    """`2024-06-21 20:48:00 UTC`; without a fraction of nothing, and as it stands where it is only a date."""
    return re.sub(r"\.0+(?=\D|$)", "", iso).replace("T", " ").replace("Z", " UTC")
