"""A found segment -> a `Hit` that says why it was found."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from indexer.domain import Evidence, Facet, Filters, Hit, Strength
from indexer.library_folder import LibraryFolder
from indexer.search.candidates import Found
from indexer.search.levels import Levels
from indexer.search.wording import Wording
from indexer.store import Transaction, cues, words
from indexer.store.hits import StoredHit
from indexer.store.recipes import HUMAN
from indexer.store.tags import FACET as TAG

STRONG_SHARE, FAIR_SHARE = 0.6, 0.3  # of the question's weight, found word by word
JOINTS = ("-", "‐", "_", ".", "/")
LIKE_A_NAME = 0.3  # from what share of its letters on a question is like a name


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the hits of one search are told by: how near is near here, what was asked besides words, and the lines of
    speech and of text in the picture that were found: {row: text}."""

    levels: Levels = field(default_factory=Levels)
    filters: Filters = field(default_factory=Filters)
    lines: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """Words of a text that were asked for: as stems, as they stand there, and where: start, end."""

    stems: frozenset[str]
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


def read_grounds(
    tx: Transaction, found: Sequence[Found], *, levels: Levels | None = None, filters: Filters | None = None
) -> Grounds:
    """What these hits are told by; `filters` are all that hold, typed or not."""
    rows = {row for one in found for row in one.cues.values()}
    return Grounds(levels or Levels(), filters or Filters(), cues.cue_texts(tx, rows) if rows else {})


def make_hit(
    folder: LibraryFolder, stored: StoredHit, *, found: Found, wording: Wording, grounds: Grounds | None = None
) -> Hit:
    """The hit of one segment, with every reason why it was found."""
    segment, video = stored.segment, stored.video
    account = _Account(stored, found, wording, grounds or Grounds())
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
        strength=account.strength,
        evidence=account.evidence,
        keyframe=folder.root / stored.keyframe_path if stored.keyframe_path else None,
        facets=stored.facets,
        placeholder=stored.placeholder,
        segments=(segment.id,),
    )


def match_words(text: str, stems: Collection[str]) -> Match | None:
    """Where `text` holds words of these stems, in order. Identifiers match however they are joined, and dates however
    they are written."""
    wanted = frozenset(stems)
    if not wanted or not text:
        return None
    found: dict[tuple[int, int], frozenset[str]] = {}
    tokens = words.tokens(text)
    for token, following in zip_longest(tokens, tokens[1:]):
        if token.stem in wanted:
            found[token.start, token.end] = frozenset({token.stem})
        joined = token.word + following.word if following and following.start == token.end + 1 else ""
        if joined in wanted:
            found[token.start, following.end] = frozenset({joined})
    for token in words.dated_tokens(text) if any(map(str.isdigit, text)) else ():
        if forms := wanted & _forms_of_number(text[token.start : token.end]):
            found.setdefault((token.start, token.end), forms)
    if not found:
        return None
    spans = _joined(text, _outermost(found))
    return Match(frozenset().union(*found.values()), tuple(dict.fromkeys(text[a:b] for a, b in spans)), spans)


def _forms_of_number(word: str) -> frozenset[str]:
    """All that a word with digits is found by."""
    return frozenset(words.index_text(word).split()) if any(map(str.isdigit, word)) else frozenset()


def _outermost(spans: Collection[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """In order, without those that lie in others."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return tuple(kept)


def _joined(text: str, spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Those with nothing but a joint between them as one: `BT-0431` is told whole."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and text[joined[-1][1] : start] in JOINTS:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


class _Account:
    """Why one segment was found, and how much that carries."""

    def __init__(self, stored: StoredHit, found: Found, wording: Wording, grounds: Grounds) -> None:
        self._stored, self._found, self._wording, self._grounds = stored, found, wording, grounds
        self._in_text: set[str] = set()
        self._in_names: set[str] = set()
        self.evidence = tuple(self._reasons())
        self.strength = self._strength()

    def _reasons(self) -> Iterator[Evidence]:
        yield from self._by_words()
        yield from self._by_names()
        yield from self._by_nearness()
        yield from self._by_filters()

    def _by_words(self) -> Iterator[Evidence]:
        stored, place = self._stored, self._found.places.get("words")
        tags = ", ".join(facet.value for facet in stored.facets if facet.name == TAG)
        for name, text, shown in ((self._own_field, stored.text, ""), ("tags", tags, tags)):
            if match := match_words(text, self._wording.stems):
                self._in_text |= match.stems
                yield Evidence("words", place, name, match.words, match.spans, shown)
        for kind, row in self._found.cues.items():
            line = self._grounds.lines.get(row, "")
            if line and not (stored.text or self._wording.asked):  # nothing else could be shown of it
                yield Evidence("words", None, kind, text=line)
            if match := match_words(line, self._wording.stems):
                self._in_text |= match.stems
                yield Evidence("words", self._found.places.get("cues"), kind, match.words, match.spans, line)

    def _by_names(self) -> Iterator[Evidence]:
        for name, text in _names(self._stored).items():
            if match := match_words(text, self._wording.stems):
                self._in_names |= match.stems
                yield Evidence("name", self._found.places.get("name"), name, match.words, match.spans, text)
        if self._found.signals.trigrams >= LIKE_A_NAME and not self._in_names:
            yield Evidence("spelling", self._found.places.get("spelling"), "title", text=self._stored.video.title)

    def _by_nearness(self) -> Iterator[Evidence]:
        signals, places, levels = self._found.signals, self._found.places, self._grounds.levels
        if "meaning" in places:
            near = levels.strength(signals.cosine, words=len(self._wording.asked))
            yield Evidence("meaning", places["meaning"], self._own_field, strength=near)
        if "picture" in places:
            yield Evidence("picture", places["picture"], "keyframe")

    def _by_filters(self) -> Iterator[Evidence]:
        """Facets that were asked for, and hold."""
        asked = {facet.name for facet in self._grounds.filters.facets} | {
            one.name for one in self._grounds.filters.at_least
        }
        fields = (Facet(name, value) for name, value in self._stored.fields.items())
        held: dict[str, list[str]] = {}
        for facet in (*self._stored.facets, *fields):
            if facet.name in asked:
                held.setdefault(facet.name, []).append(facet.value)
        for name, values in held.items():
            yield Evidence("facet", None, name, tuple(values), text=", ".join(values))

    @property
    def _own_field(self) -> str:
        recipe = self._stored.recipe
        return "description" if recipe is not None and recipe == HUMAN else "caption"

    def _strength(self) -> Strength:
        """A name or a hard word found says more than any cosine, and most of the words as much."""
        wording, cosine = self._wording, self._found.signals.cosine
        named = wording.share(self._in_names) >= STRONG_SHARE
        identified = wording.share(self._in_text & wording.hard) >= FAIR_SHARE
        if not wording.asked or named or identified:
            return "strong"
        by_meaning = self._grounds.levels.strength(cosine, words=len(wording.asked))
        found = self._in_text | self._in_names
        if by_meaning == "strong" or wording.holds_every_word(found):
            return "strong"
        return "fair" if wording.share(found) >= STRONG_SHARE else by_meaning


def _names(stored: StoredHit) -> dict[str, str]:
    files = {"file_name": " ".join(location.relative_path.rpartition("/")[2] for location in stored.video.locations)}
    return {"title": stored.video.title, **files, **stored.fields}
