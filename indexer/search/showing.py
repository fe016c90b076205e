"""From moments and chains to hits: what is stored of them is read in one go, however many there are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

from indexer.domain import Filters, Hit, Strength
from indexer.library_folder import LibraryFolder
from indexer.search.candidates import Found
from indexer.search.evidence import Grounds, make_hit, read_grounds
from indexer.search.levels import Levels
from indexer.search.moments import Moment
from indexer.search.wording import Wording
from indexer.store import Transaction, hits
from indexer.store.hits import StoredHit

MOST_REPEATS = 20  # shown of one moment
ORDER: tuple[Strength, ...] = ("strong", "fair", "weak", "none")


class Reason(NamedTuple):
    """Why a segment is among the hits: how it was found, and the words it was found for."""

    found: Found
    wording: Wording


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where hits are read from, and what they are judged by."""

    tx: Transaction
    folder: LibraryFolder
    levels: Levels
    filters: Filters  # all that hold, typed or not


def show_moments(shelf: Shelf, moments: Sequence[Moment], reasons: Mapping[int, Reason]) -> list[Hit]:
    """A hit for each moment whose best segment is still there, with its repeats."""
    listed = [one for moment in moments for one in (moment, *moment.repeats[:MOST_REPEATS])]
    read = _Reading(shelf, [reasons[moment.row] for moment in listed])
    return [read.moment(moment) for moment in moments if moment.row in read.stored]


def show_chains(shelf: Shelf, chains: Sequence[tuple[float, Sequence[Reason]]]) -> list[Hit]:
    """A hit for each chain, given as its score and the reason of each step.

    It shows its first step, spans all of them, and is as strong as the weakest.
    """
    read = _Reading(shelf, [reason for _, steps in chains for reason in steps])
    return [
        _together(tuple(read.hit(reason) for reason in steps), score)
        for score, steps in chains
        if all(reason.found.row in read.stored for reason in steps)
    ]


def strongest(strengths: Iterable[Strength]) -> Strength:
    return min(strengths, key=ORDER.index, default="none")


class _Reading:
    """What is stored of the segments to be shown."""

    def __init__(self, shelf: Shelf, reasons: Sequence[Reason]) -> None:
        found = [reason.found for reason in reasons]
        self.stored: Mapping[int, StoredHit] = hits.hits_of(shelf.tx, [one.span for one in found])
        self._reasons = {reason.found.row: reason for reason in reasons}
        self._grounds: Grounds = read_grounds(shelf.tx, found, levels=shelf.levels, filters=shelf.filters)
        self._folder = shelf.folder

    def hit(self, reason: Reason) -> Hit:
        stored = self.stored[reason.found.row]
        return make_hit(self._folder, stored, found=reason.found, wording=reason.wording, grounds=self._grounds)

    def moment(self, moment: Moment) -> Hit:
        """The hit of a moment's best segment, as long as the whole, with its repeats."""
        repeats = (one for one in moment.repeats[:MOST_REPEATS] if one.row in self.stored)
        return replace(
            self.hit(self._reasons[moment.row]),
            start_us=moment.start_us,
            end_us=moment.end_us,
            timecode=self.stored[moment.row].video.timecode(moment.start_us),
            segments=tuple(span.id for span in moment.spans),
            repeats=tuple(self.moment(one) for one in repeats),
            more=moment.more,
        )


def _together(steps: tuple[Hit, ...], score: float) -> Hit:
    ends = [step.end_us for step in steps]
    return replace(
        steps[0],
        end_us=None if None in ends else max(end for end in ends if end is not None),
        score=round(score, 6),
        strength=max((step.strength for step in steps), key=ORDER.index),
        segments=tuple(chain.from_iterable(step.segments for step in steps)),
        steps=steps,
    )
