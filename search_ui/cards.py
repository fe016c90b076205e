"""A hit -> what the browser is told of it. Plain values only: the scripts place every text by `textContent`."""

import base64
from collections.abc import Mapping
from typing import TypedDict

from indexer.domain import Evidence, Hit, Video, VideoId
from indexer.timecode import MICROSECONDS, clock, short_duration
from search_ui import address, wording
from search_ui.address import Link
from search_ui.footage_routes import keyframe_address, video_address
from search_ui.wording import plural

Pieces = list[tuple[str, bool]]
"""A text in pieces, each with whether it is to be marked."""


class Picture(TypedDict):
    address: str | None
    blur: str | None  # to show until it is there


class Quote(TypedDict):
    field: str
    text: Pieces


class Small(TypedDict):
    """A moment inside the card of another: a step with why it was found, or a repeat."""

    id: str
    link: Link
    title: str
    span: str
    caption: Pieces
    quotes: list[Quote]
    reasons: str
    picture: Picture


class Card(TypedDict):
    id: str
    link: Link
    like: Link
    title: Pieces
    identifier: Pieces  # of the archive; empty where the title says it
    caption: Pieces
    quotes: list[Quote]
    name: str  # all of it, read aloud
    span: str
    length: str
    shots: str
    more: int
    reasons: str
    picture: Picture
    unseen: str  # what stands in the place of a picture
    video: str | None
    start: float
    end: float | None
    steps: list[Small]
    repeats: list[Small]


Videos = Mapping[VideoId, Video]


def card(hit: Hit, videos: Videos) -> Card:
    """A sequence is told by its steps: each has its own text, time and reasons."""
    identifier = hit.identifier if hit.identifier and hit.identifier != hit.title else ""
    return {
        "id": hit.segment,
        "link": address.link(hit.video, hit.start_us),
        "like": address.link_to_like(hit.segment),
        "title": wording.marked(_title(hit), hit.evidence, fields=["title"]),
        "identifier": wording.marked(identifier, hit.evidence, fields=["identifier"]) if identifier else [],
        "caption": caption_pieces(hit),
        "quotes": [] if hit.steps else quotes(hit.evidence),
        "name": _read_aloud(hit, videos),
        "span": span(hit, videos),
        "length": short_duration(hit.end_us - hit.start_us) if hit.end_us is not None else "open",
        "shots": plural(len(hit.segments), "shot") if len(hit.segments) > 1 and not hit.steps else "",
        "more": hit.more,
        "reasons": "" if hit.steps else reasons(hit),
        "picture": _picture(hit),
        "unseen": _unseen(hit, videos),
        "video": video_address(hit.video) if hit.path else None,
        "start": seconds(hit.start_us),
        "end": None if hit.end_us is None else seconds(hit.end_us),
        "steps": [small(step, videos) for step in hit.steps],
        "repeats": [small(one, videos) for one in hit.repeats],
    }


def small(hit: Hit, videos: Videos) -> Small:
    return {
        "id": hit.segment,
        "link": address.link(hit.video, hit.start_us),
        "title": _title(hit),
        "span": span(hit, videos),
        "caption": caption_pieces(hit),
        "quotes": quotes(hit.evidence),
        "reasons": reasons(hit),
        "picture": _picture(hit),
    }


def reasons(hit: Hit) -> str:
    return " · ".join(wording.reasons(hit.evidence, strength=hit.strength))


def caption_pieces(hit: Hit) -> Pieces:
    return wording.marked(hit.text, hit.evidence, fields=wording.OWN_FIELDS)


def quotes(evidence: tuple[Evidence, ...]) -> list[Quote]:
    return [
        {"field": one.field.replace("_", " "), "text": wording.marked(one.text, [one], fields=[one.field])}
        for one in wording.quoted(evidence)
    ]


def span(hit: Hit, videos: Videos) -> str:
    """In and out point in source timecode; the out point is the first frame after the moment."""
    video = videos.get(hit.video)
    end = "" if hit.end_us is None or video is None else f"–{video.timecode(hit.end_us)}"
    return f"{hit.timecode or clock(hit.start_us)}{end}"


def seconds(t_us: int) -> float:
    return t_us / MICROSECONDS


def _title(hit: Hit) -> str:
    return hit.title or "Untitled"


def _read_aloud(hit: Hit, videos: Videos) -> str:
    told = ", then ".join(step.text or "no caption" for step in hit.steps) if hit.steps else hit.text or "No caption"
    return f"{_title(hit)}, {span(hit, videos)}. {told}"


def _unseen(hit: Hit, videos: Videos) -> str:
    video = videos.get(hit.video)
    return "no footage here, texts only" if video is not None and video.kind == "imported" else "no picture"


def _picture(hit: Hit) -> Picture:
    return {
        "address": keyframe_address(hit.segment) if hit.keyframe else None,
        "blur": _inline(hit.placeholder) if hit.placeholder else None,
    }


def _inline(webp: bytes) -> str:
    return f"data:image/webp;base64,{base64.b64encode(webp).decode('ascii')}"
