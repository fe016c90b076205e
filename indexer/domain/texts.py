"""Texts of segments, and what a search finds."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from indexer.domain.footage import Recipe, SegmentId, VideoId


@dataclass(frozen=True, slots=True)
class Facet:
    """One measured or stated property of a segment, to filter by: `camera=pan left`, `faces=2`."""

    name: str
    value: str


CaptionProblem = Literal["empty", "refusal", "loop", "rejected"]
"""Why a captioner's answer is no caption: it wrote nothing, would not, wrote the same over and over, or was not let
write by whoever runs it."""


@dataclass(frozen=True, slots=True)
class TokenCost:
    """What a caption cost to write, in a model's tokens."""

    read: int
    written: int


@dataclass(frozen=True, slots=True)
class CaptionDraft:
    """What a captioner returns for one segment: a text, and the facts it rests on where it knows them.

    An empty text without a problem: nothing can be said of the segment. With one: what came back is no caption.
    """

    text: str
    facets: tuple[Facet, ...] = ()
    problem: CaptionProblem | None = None
    cost: TokenCost | None = None


@dataclass(frozen=True, slots=True)
class Caption:
    """A text about a segment, stamped with what wrote it."""

    segment: SegmentId
    text: str
    recipe: Recipe
    ordinal: int = 0
    language: str = "en"
    problem: CaptionProblem | None = None
    cost: TokenCost | None = None


# -- search ----------------------------------------------------------------------------------------------------------

Holding = Literal["caption", "description", "speech", "screen_text"]
"""What may be there of a moment: a captioner's text, a person's, words spoken, words seen in the picture."""


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A facet that counts: `faces` of two or more."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Filters:
    """What a hit must satisfy besides matching. Empty fields ask nothing."""

    videos: tuple[VideoId, ...] = ()
    folder: str | None = None  # a part of the path: every file below a folder of that name or path
    recorded_from: str | None = None  # ISO dates, inclusive; a prefix such as 2024 or 2024-05 will do
    recorded_to: str | None = None
    longer_us: int | None = None
    shorter_us: int | None = None
    facets: tuple[Facet, ...] = ()  # one of each name's values must hold
    at_least: tuple[AtLeast, ...] = ()  # all must hold
    without: tuple[Facet, ...] = ()  # none may hold
    has: tuple[Holding, ...] = ()  # all must be there
    written_by: Literal["human", "machine"] | None = None  # whose text the moment is searched by

    def __bool__(self) -> bool:
        return self != Filters()


Signal = Literal["meaning", "words", "name", "spelling", "picture", "facet"]
Strength = Literal["strong", "fair", "weak", "none"]
"""In words how much a hit's own evidence carries. No score is a probability."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason why a hit was found."""

    signal: Signal
    rank: int | None  # place in that signal's own list, from 1
    field: str  # caption, description, title, file_name, transcript, screen_text, tags, ...
    words: tuple[str, ...] = ()  # as they stand in that field
    spans: tuple[tuple[int, int], ...] = ()  # where these stand in the field's text: start, end
    text: str = ""  # the field's text, where it is not the hit's own: what was said, a title
    strength: Strength | None = None  # of meaning and picture: how near


@dataclass(frozen=True, slots=True)
class Hit:
    """One ranked moment answering a query, with the evidence why.

    `segment` is its best segment and `text` what that is searched by; start and end are those of all `segments`.
    """

    video: VideoId
    identifier: str | None
    title: str
    path: Path | None
    segment: SegmentId
    start_us: int
    end_us: int | None
    timecode: str | None
    text: str
    recipe: Recipe | None
    score: float  # orders the hits of one search; says nothing by itself
    strength: Strength
    evidence: tuple[Evidence, ...]
    keyframe: Path | None
    facets: tuple[Facet, ...] = ()
    placeholder: bytes | None = None  # of the keyframe: a tiny WebP to show while that is loaded
    segments: tuple[SegmentId, ...] = ()  # all of the moment, in order of time
    repeats: tuple["Hit", ...] = ()  # moments that show or say the same, folded into this one
    more: int = 0  # further moments of this video that match, where one stands for all
    steps: tuple["Hit", ...] = ()  # of `A THEN B`: the moment of each, in order


Listing = Literal["segments", "moments", "videos"]
"""What a search lists: every segment by itself; neighbours that match as one moment, repeats folded; or the best moment
of each video."""


@dataclass(frozen=True, slots=True)
class Correction:
    typed: str
    read: str  # what was searched in its place


@dataclass(frozen=True, slots=True)
class SearchResult:
    hits: tuple[Hit, ...]
    strength: Strength  # of the best hit; "none": nothing in the library matches, and hits are the nearest there are
    unknown_words: tuple[str, ...]  # words of the query that occur nowhere in the library
    read_as: str  # the query as it was understood, to be shown and to be typed again
    corrections: tuple[Correction, ...] = ()
    typed_filters: tuple[str, ...] = ()  # those of `read_as`, at whose end they stand: `camera:pan`
    unmet_filters: tuple[str, ...] = ()  # those, typed or not, that no moment of the library passes: `camera:dolly`
    remarks: tuple[str, ...] = ()  # sentences: what of the query could not be read as meant, why filters find nothing


@dataclass(frozen=True, slots=True)
class IndexManifest:
    """What is known of a published index file; a file that differs in any of it is not used."""

    file: str
    kind: str
    dimension: int
    count: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file as it was written; one that differs in any of it is not used."""

    file: str
    bytes: int
    sha256: str
