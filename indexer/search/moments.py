"""From ranked segments to the moments that are listed. Pure; the rules and their figures:
docs/decisions/0012-moments.md."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from indexer.domain import Listing
from indexer.search.candidates import Found
from indexer.store import words
from indexer.store.spans import StoredSpan

Mark = tuple[int, int | str]

NEAR_SCORE = 0.1  # of neighbours that both match: by how much the worse may fall short
ALIKE_WORDS = 0.5
MORE_OF_BEST = 0.5
HASH_BITS = 6  # of 64: the same picture encoded anew differs in a few, another in about half

_OF_CAMERA = re.compile(r"(?:^|(?<=[.!?]))\s*The (?:view|camera)\b[^.!?]*[.!?]?")


@dataclass(frozen=True, slots=True)
class Moment:
    """Segments listed as one. `best` is the first of them in the ranking; `spans` are in order of time; `more` counts
    further moments of its video that are not listed."""

    best: Found
    spans: tuple[StoredSpan, ...]
    repeats: tuple["Moment", ...] = ()
    more: int = 0

    @property
    def row(self) -> int:
        return self.best.span.row

    @property
    def video_row(self) -> int:
        return self.best.span.video_row

    @property
    def rows(self) -> set[int]:
        """Of all its segments, those of its repeats too."""
        return {span.row for span in self.spans}.union(*(one.rows for one in self.repeats))

    @property
    def start_us(self) -> int:
        return min(span.start_us for span in self.spans)

    @property
    def end_us(self) -> int | None:
        ends = [span.end_us for span in self.spans]
        return None if None in ends else max(end for end in ends if end is not None)


def list_moments(
    ranked: Sequence[Found],
    listing: Listing,
    *,
    per_video: int | None,
    neighbours: Literal["joined", "apart"] = "joined",
) -> list[Moment]:
    """What a search lists, best first: segments, or moments without repeats; at most `per_video` of one video.

    Where a length was asked for, neighbours stay apart: together they would be longer than each that passed.
    """
    moments = join_neighbours(ranked) if listing != "segments" and neighbours == "joined" else each_alone(ranked)
    moments = moments if listing == "segments" else fold_repeats(moments)
    return moments if per_video is None else limit_each_video(moments, per_video)


def each_alone(ranked: Sequence[Found]) -> list[Moment]:
    """Every segment as a moment of its own, in the order of the ranking."""
    return [Moment(one, (one.span,)) for one in ranked]


def join_neighbours(ranked: Sequence[Found]) -> list[Moment]:
    """Moments in the order of their best segments: each grows from that to both sides, for as long as the next segment
    touches it, says the same and matches nearly as well."""
    of_video: dict[int, list[int]] = {}
    for place, one in enumerate(ranked):
        of_video.setdefault(one.span.video_row, []).append(place)
    for places in of_video.values():
        places.sort(key=lambda place: (ranked[place].span.start_us, ranked[place].span.row))
    taken: set[int] = set()
    made = []
    for place, one in enumerate(ranked):
        if place not in taken:
            places = of_video[one.span.video_row]
            free = [other for other in places if other not in taken] if len(places) > 1 else places
            together = _grown(place, ranked, free)
            taken.update(together)
            made.append(Moment(one, tuple(ranked[other].span for other in together)))
    return made


def fold_repeats(moments: Sequence[Moment]) -> list[Moment]:
    """The same shot once, with its repeats: in the order given, each moment goes to the first that shows the same."""
    kept: list[Moment] = []
    repeats: list[list[Moment]] = []
    places: dict[Mark, list[int]] = {}
    for moment in moments:
        marks = _marks(moment.best.span)
        alike = sorted({place for mark in marks for place in places.get(mark, ())})
        first = next((place for place in alike if _repeats(moment.best.span, kept[place].best.span)), None)
        if first is not None:
            repeats[first].append(moment)
            continue
        for mark in marks:
            places.setdefault(mark, []).append(len(kept))
        kept.append(moment)
        repeats.append([])
    return [replace(one, repeats=tuple(same)) if same else one for one, same in zip(kept, repeats, strict=True)]


def limit_each_video(moments: Sequence[Moment], most: int) -> list[Moment]:
    """At most so many of one video, the last of them with the count of the others that match half as well as the best
    moment of all."""
    listed: list[Moment] = []
    of_video: dict[int, list[int]] = {}
    more: dict[int, int] = {}
    best = max((moment.best.score for moment in moments), default=0.0)
    enough = min(best, MORE_OF_BEST * best)
    for moment in moments:
        places = of_video.setdefault(moment.video_row, [])
        if len(places) < most:
            places.append(len(listed))
            listed.append(moment)
        elif moment.best.score >= enough:
            more[places[-1]] = more.get(places[-1], 0) + 1
    return [replace(moment, more=more[place]) if place in more else moment for place, moment in enumerate(listed)]


def say_alike(one: str, other: str) -> bool:
    """Whether half the words of the shorter text, stop words aside, stand in the other. Empty texts say the same.

    Sentences that tell how the camera moves (`The view holds still.`) do not count: half of all shots share one.
    """
    these, those = _content(one), _content(other)
    if not these or not those:
        return these == those
    return len(these & those) >= ALIKE_WORDS * min(len(these), len(those))


def _grown(first: int, ranked: Sequence[Found], places: Sequence[int]) -> list[int]:
    """`first` and its neighbours, out of `places` (one video, in order of time)."""
    at = places.index(first)
    together = [first]
    end_us = ranked[first].span.end_us
    for place in places[at + 1 :]:
        span = ranked[place].span
        if end_us is None or span.start_us > end_us:
            break
        if _belongs(ranked[place], ranked[first]):
            together.append(place)
            end_us = None if span.end_us is None else max(end_us, span.end_us)
    start_us = ranked[first].span.start_us
    for place in reversed(places[:at]):
        span = ranked[place].span
        if span.end_us is not None and span.end_us < start_us:
            break
        if _belongs(ranked[place], ranked[first]):
            together.insert(0, place)
            start_us = min(start_us, span.start_us)
    return together


def _belongs(one: Found, best: Found) -> bool:
    if (one.span.start_us, one.span.end_us) == (best.span.start_us, best.span.end_us):
        return True
    near = one.score >= best.score - NEAR_SCORE
    return near and say_alike(one.span.text, best.span.text)


def _marks(span: StoredSpan) -> list[Mark]:
    """Two segments that show the same share one of these: where at most 6 of 64 bits differ, two of 8 bytes do not."""
    return list(enumerate(span.picture_hash)) if span.picture_hash else [(-1, span.text)]


def _repeats(one: StoredSpan, other: StoredSpan) -> bool:
    """Whether two segments show the same shot. By the picture, and what is said of it: a locked camera sees the same
    picture all day. Without pictures only a machine's very words tell. What people wrote of two videos is of two."""
    if one.by_human and other.by_human and one.video_row != other.video_row:
        return False
    if one.picture_hash and other.picture_hash:
        differing = int.from_bytes(one.picture_hash) ^ int.from_bytes(other.picture_hash)
        return differing.bit_count() <= HASH_BITS and say_alike(one.text, other.text)
    if one.picture_hash or other.picture_hash or one.by_human or other.by_human:
        return False
    return bool(one.text) and one.text == other.text


@lru_cache(maxsize=2048)  # a text is compared with each of its neighbours
def _content(text: str) -> frozenset[str]:
    seen = _OF_CAMERA.sub(" ", text)
    return words.content_stems(seen if any(map(str.isalnum, seen)) else text)
