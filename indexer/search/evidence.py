"""A found segment -> a `Hit` that says why it was found."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
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


STRONG_COSINE = 0.55
FAIR_COSINE = 0.39  # 2 % of good queries fall below it (docs/search.md); it belongs to the packaged encoder
STRONG_SHARE, FAIR_SHARE = 0.6, 0.3  # of the query's weight, found word by word


def make_hit(folder: LibraryFolder, stored: StoredHit, *, found: Found, wording: Wording) -> Hit:
    segment, video = stored.segment, stored.video
    evidence = tuple(_evidence(stored, found, wording))
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
        strength=_strength(evidence, found, wording),
        evidence=evidence,
        keyframe=folder.root / stored.keyframe_path if stored.keyframe_path else None,
        facets=stored.facets,
        placeholder=stored.placeholder,
    )


def matched_words(text: str, stems: Collection[str]) -> dict[str, str]:
    """{stem: the word of `text` that matches it, as it stands there}. Identifiers match however they are joined."""
    wanted = set(stems)
    found: dict[str, str] = {}
    tokens = words.tokens(text)
    for token, following in zip_longest(tokens, tokens[1:]):
        end = following.end if following else token.end
        joined = token.word + (following.word if following else "")
        found |= dict.fromkeys(wanted & _forms(text[token.start : token.end]), text[token.start : token.end])
        if joined in wanted:
            found[joined] = text[token.start : end]
    return found


def _forms(word: str) -> set[str]:
    return set(words.index_text(word).split())


def _strength(evidence: tuple[Evidence, ...], found: Found, wording: Wording) -> Strength:
    """How much this hit's own evidence carries. A name or a hard word found says more than any cosine."""
    in_caption = matched_words(" ".join(_words_of(evidence, "words")), wording.stems)
    in_names = matched_words(" ".join(_words_of(evidence, "name")), wording.stems)
    named = wording.share(in_names) >= STRONG_SHARE
    identified = any(stem in in_caption for stem in wording.hard)
    if named or identified or found.signals.cosine >= STRONG_COSINE:
        return "strong"
    if found.signals.cosine >= FAIR_COSINE or wording.share({**in_caption, **in_names}) >= FAIR_SHARE:
        return "fair"
    return "weak"


def _words_of(evidence: tuple[Evidence, ...], signal: Signal) -> list[str]:
    return [word for one in evidence if one.signal == signal for word in one.words]


def _evidence(stored: StoredHit, found: Found, wording: Wording) -> Iterator[Evidence]:
    if in_caption := _distinct(matched_words(stored.text, wording.stems)):
        yield Evidence("words", found.places.get("words"), "caption", in_caption)
    named = False
    for field, text in _names(stored).items():
        if in_name := _distinct(matched_words(text, wording.stems)):
            named = True
            yield Evidence("name", found.places.get("name"), field, in_name)
    if found.signals.trigrams >= FAIR_SHARE and not named:
        yield Evidence("spelling", found.places.get("spelling"), "title")
    if "meaning" in found.places:
        yield Evidence("meaning", found.places["meaning"], "caption")


def _distinct(matched: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(matched.values()))


def _names(stored: StoredHit) -> dict[str, str]:
    files = {"file_name": " ".join(location.relative_path for location in stored.video.locations)}
    return {"title": stored.video.title, **files, **stored.fields}
