"""A found segment -> a `Hit` that says why it was found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from indexer.domain import Evidence, Hit, Strength
from indexer.library_folder import LibraryFolder
from indexer.search.fusion import Signals
from indexer.search.wording import Wording
from indexer.store import words
from indexer.store.hits import StoredHit

Signal = Literal["meaning", "words", "name", "spelling"]


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate on its way to a hit: its database row, its signals, its score, its place in each signal's order."""

    row: int
    signals: Signals
    score: float
    places: Mapping[str, int]


def make_hit(
    folder: LibraryFolder, stored: StoredHit, found: Found, *, wording: Wording, strength: Strength
) -> Hit:
    segment, video = stored.segment, stored.video
    return Hit(
        video=video.id,
        identifier=stored.fields.get("identifier"),
        title=video.title,
        path=video.path,
        segment=segment.id,
        start_us=segment.start_us,
        end_us=segment.end_us,
        timecode=video.timecode(segment.start_us),
        text=stored.text,
        recipe=stored.recipe,
        score=round(found.score, 6),
        strength=strength,
        evidence=tuple(_evidence(stored, found, wording)),
        keyframe=folder.root / stored.keyframe_path if stored.keyframe_path else None,
        facets=stored.facets,
    )


def _evidence(stored: StoredHit, found: Found, wording: Wording) -> list[Evidence]:
    evidence = []
    if in_caption := words_found(stored.text, wording.stems):
        evidence.append(Evidence("words", found.places.get("words"), "caption", in_caption))
    for field, text in _names(stored).items():
        if in_name := words_found(text, wording.stems):
            evidence.append(Evidence("name", found.places.get("name"), field, in_name))
    if "spelling" in found.places and not any(one.signal == "name" for one in evidence):
        evidence.append(Evidence("spelling", found.places["spelling"], "title"))
    if "meaning" in found.places:
        evidence.append(Evidence("meaning", found.places["meaning"], "caption"))
    return evidence


def words_found(text: str, stems: tuple[str, ...]) -> tuple[str, ...]:
    """The words of `text` that match one of `stems`, as they stand there, each once."""
    wanted = set(stems)
    return tuple(dict.fromkeys(text[token.start : token.end] for token in words.tokens(text) if token.stem in wanted))


def _names(stored: StoredHit) -> dict[str, str]:
    files = {"file_name": " ".join(location.relative_path for location in stored.video.locations)}
    return {"title": stored.video.title, **files, **stored.fields}
