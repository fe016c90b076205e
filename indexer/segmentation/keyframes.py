"""Which frames stand for a segment: sharp, still, well exposed, typical, near the middle. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from indexer.domain import Cut
from indexer.segmentation.looks import differences, looks_of
from indexer.segmentation.measure import FrameTable, place_of
from indexer.timecode import TimeRange

_FLAT = 8  # of 255: a luma spread below this is a picture without content
_EDGE = 10  # the first and the last tenth are left out
_DARK, _BRIGHT = 20, 235  # of 255: mean luma beyond which little can be seen
_EACH_US = 6_000_000  # a further picture for each so long a stretch: about as long as a caption can tell of one picture
_MOST = 3
_ABOUT_AS_LONG = 0.6
_DIFFERENT = 0.25  # of `differences`: two views of one place, or one place that has changed

Mask = NDArray[np.bool_]
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A picture that the pass has kept at a size people can look at."""

    t_us: int
    sharpness: float  # variance of the Laplacian of its luma


@dataclass(frozen=True, slots=True)
class _Choice:
    """What may stand for a span: rows of the frame table, and of each how good it is, the number of its shot, and that
    shot's part of the span."""

    rows: FrameTable
    scores: Scores
    shots: NDArray[np.int64]
    shares: Scores


def choose_keyframes(
    spans: Sequence[TimeRange], *, cuts: Sequence[Cut], table: FrameTable, candidates: Sequence[Candidate] = ()
) -> list[tuple[int, ...]]:
    """For each span, in their order, the times of one to three of its frames, the most representative first.

    `candidates` are in order of time. Where a span has one that can stand for it, the choice is among them, else among
    all frames. Never an empty picture (black, white, a bare colour) or one inside a gradual edit, unless the span has
    no other; nearly black or blown out, or in the first or last tenth, only where no other is left. A second and a
    third picture only in spans of more than 6 and 12 s, and where they differ clearly from the others.
    Raises `ValueError` when no frame begins in a span.
    """
    in_order = sorted(cuts, key=lambda cut: cut.start_us)
    starts = [cut.start_us for cut in in_order]
    ends = list(accumulate((cut.end_us for cut in in_order), max))  # in order, even where cuts overlap
    times = [candidate.t_us for candidate in candidates]
    chosen = []
    for span in spans:
        near = in_order[bisect_right(ends, span.start_us) : bisect_left(starts, span.end_us)]
        own = candidates[bisect_left(times, span.start_us) : bisect_left(times, span.end_us)]
        chosen.append(_chosen(_choice(span, near, own, table), span))
    return chosen


def _choice(span: TimeRange, cuts: Sequence[Cut], candidates: Sequence[Candidate], table: FrameTable) -> _Choice:
    rows = table[place_of(table, span.start_us) : place_of(table, span.end_us)]
    if not len(rows):
        raise ValueError(f"no frame begins in {span.start_us}..{span.end_us} us")
    fit, scores = _fit(rows, cuts), _scores(rows, span)
    at = np.searchsorted(rows["t_us"], [candidate.t_us for candidate in candidates])
    kept = [place for place in range(len(at)) if fit[at[place]]]
    if kept:
        sharpness = np.array([candidates[place].sharpness for place in kept])
        fit, scores = _only(at[kept], len(rows)), scores - _standardised(rows["gradient"])
        scores[at[kept]] += _standardised(np.log1p(sharpness))
    best = _best_placed(rows, fit, span)
    shots = np.searchsorted(sorted(cut.middle_us for cut in cuts), rows["t_us"], side="right")
    shares = np.bincount(shots)[shots] / len(rows)
    return _Choice(rows[best], scores[best], shots[best], shares[best])


def _fit(rows: FrameTable, cuts: Sequence[Cut]) -> Mask:
    """Those with content and outside gradual edits; where there are none, those with content; else those outside."""
    times = rows["t_us"]
    clean = np.ones(len(rows), np.bool_)
    for cut in cuts:
        clean &= (times < cut.start_us) | (times >= cut.end_us)
    content: Mask = rows["spread"] >= _FLAT
    return _first_met((content & clean, content, clean), len(rows))


def _best_placed(rows: FrameTable, fit: Mask, span: TimeRange) -> Mask:
    """Of those that fit, the well exposed ones away from the span's ends, as far as there are any."""
    edge = span.duration_us // _EDGE
    inner: Mask = (rows["t_us"] >= span.start_us + edge) & (rows["t_us"] <= span.end_us - edge)
    exposed: Mask = (rows["brightness"] >= _DARK) & (rows["brightness"] <= _BRIGHT)
    return _first_met((fit & exposed & inner, fit & exposed, fit & inner, fit), len(rows))


def _first_met(wishes: Sequence[Mask], count: int) -> Mask:
    """The first wish that some frame meets, else all frames."""
    return next((wish for wish in wishes if wish.any()), np.ones(count, np.bool_))


def _only(places: NDArray[np.int64], count: int) -> Mask:
    mask = np.zeros(count, np.bool_)
    mask[places] = True
    return mask


def _scores(rows: FrameTable, span: TimeRange) -> Scores:
    """Measured on 224 shots of 15 clips: the mean sharpness of the choice is the 68th percentile of its shot, 50 being
    chance, and 7 % are of its blurriest quarter; of candidates, one a second, the 77th and 3 %."""
    histograms = rows["histogram"].astype(np.float64)
    distance = np.abs(histograms - histograms.mean(axis=0)).sum(axis=1)
    from_middle = np.abs(rows["t_us"] - span.middle_us) / span.duration_us * 2
    scores: Scores = (
        _standardised(rows["gradient"]) - _standardised(rows["motion"]) - _standardised(distance) / 2 - from_middle / 4
    )
    return scores


def _standardised(values: NDArray[np.float16] | Scores) -> Scores:
    exact = values.astype(np.float64)
    standard: Scores = (exact - exact.mean()) / max(float(exact.std()), 1e-6)
    return standard


def _chosen(choice: _Choice, span: TimeRange) -> tuple[int, ...]:
    """The best of the longest shots; then, of the better half of each shot, those least like the chosen ones."""
    long = choice.shares >= choice.shares.max() * _ABOUT_AS_LONG
    chosen = [int(np.argmax(np.where(long, choice.scores, -np.inf)))]
    most = min(_MOST, 1 + (span.duration_us - 1) // _EACH_US)
    if most > 1:
        looks, good = looks_of(choice.rows), _better_halves(choice)
        nearest = np.full(len(good), np.inf)
        while len(chosen) < most:
            nearest = np.minimum(nearest, differences(looks, looks_of(choice.rows[chosen[-1:]]))[:, 0])
            further = int(np.argmax(np.where(good, nearest, 0)))
            if not good[further] or nearest[further] < _DIFFERENT:
                break
            chosen.append(further)
    return tuple(int(choice.rows["t_us"][place]) for place in chosen)


def _better_halves(choice: _Choice) -> Mask:
    good = np.zeros(len(choice.rows), np.bool_)
    for shot in np.unique(choice.shots):
        own = choice.shots == shot
        good |= own & (choice.scores >= np.median(choice.scores[own]))
    return good
