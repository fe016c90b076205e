"""`A THEN B`: chains of moments in one video, each step at or after the end of the one before. Pure.

A chain is as good as its steps together, and its weakest counts most: the soft minimum of their scores,

    score = -T ln(mean over steps of exp(-(s - wait) / T))

A long wait before a step costs it a little, so that of two like chains the closer one comes first. Figures:
docs/decisions/0012-moments.md.
"""

import heapq
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

SOFTNESS = 0.2  # T: of scores that differ by much more only the weaker counts
OVERLAP_US = 1_000_000  # people who note times are that exact
WAIT_COST = 0.05  # what the longest wait takes from a step's score
LONG_WAIT_US = 600_000_000
FOREVER_US = 1 << 60  # the end of a segment whose end is not known: nothing comes after it


@dataclass(frozen=True, slots=True)
class Candidate:
    """A segment that may be one step."""

    row: int
    start_us: int
    end_us: int
    score: float


@dataclass(frozen=True, slots=True)
class Chain:
    """One candidate a step, in order."""

    video_row: int
    score: float
    links: tuple[Candidate, ...]

    @property
    def start_us(self) -> int:
        return self.links[0].start_us

    @property
    def end_us(self) -> int:
        return max(link.end_us for link in self.links)


def best_chains(
    videos: Mapping[int, Sequence[Sequence[Candidate]]],
    *,
    within_us: Sequence[int | None],
    per_video: int | None,
) -> Iterator[Chain]:
    """The chains of {video row: the candidates of each step}, best first, those of one video apart in time.

    `within_us`: the longest wait before each step (the first has none). No video is looked at before its turn: what its
    best candidates could make at most says when that is.
    """
    queue = [_Window(_most(steps), video, steps) for video, steps in videos.items() if all(steps)]
    heapq.heapify(queue)
    taken: dict[int, int] = {}
    while queue:
        window = heapq.heappop(queue)
        if per_video is not None and taken.get(window.video_row, 0) >= per_video:
            continue
        if window.chain is None:
            if chain := _best_chain(window, within_us):
                heapq.heappush(queue, _Window(chain.score, window.video_row, window.steps, chain))
            continue
        taken[window.video_row] = taken.get(window.video_row, 0) + 1
        yield window.chain
        for rest in window.around(window.chain):
            heapq.heappush(queue, rest)


def chain_score(links: Sequence[Candidate]) -> float:
    """The score of these steps in this order."""
    costs = [math.exp(-links[0].score / SOFTNESS)]
    for last, link in pairwise(links):
        share = min(1.0, max(0.0, (link.start_us - last.end_us) / LONG_WAIT_US))
        costs.append(math.exp((WAIT_COST * share - link.score) / SOFTNESS))
    return -SOFTNESS * math.log(sum(costs) / len(costs))


@dataclass(frozen=True, slots=True)
class _Window:
    """Candidates of one video, all within some span of it, and the best chain among them once that is known."""

    most: float  # the best score a chain in here has, or could have at most
    video_row: int
    steps: Sequence[Sequence[Candidate]]
    chain: Chain | None = None

    def __lt__(self, other: "_Window") -> bool:
        return (-self.most, self.video_row) < (-other.most, other.video_row)

    def around(self, chain: Chain) -> Iterator["_Window"]:
        """What is left before and after a chain."""
        before = [[one for one in step if one.end_us <= chain.start_us] for step in self.steps]
        after = [[one for one in step if one.start_us >= chain.end_us] for step in self.steps]
        return (_Window(_most(steps), self.video_row, steps) for steps in (before, after) if all(steps))


def _best_chain(window: _Window, within_us: Sequence[int | None]) -> Chain | None:
    """By dynamic programming over the steps: exact, as the costs of steps add up."""
    steps = [_Step(candidates) for candidates in window.steps]
    costs, before = steps[0].costs, []
    for last, step, within in zip(steps, steps[1:], within_us[1:], strict=False):
        through = costs[None, :] + step.costs[:, None] * _waiting(last, step, within)
        before.append(np.argmin(through, axis=1))
        costs = np.min(through, axis=1)
    place = int(np.argmin(costs))
    if not np.isfinite(costs[place]):
        return None
    links = [window.steps[-1][place]]
    for candidates, origins in zip(window.steps[-2::-1], reversed(before), strict=True):
        place = int(origins[place])
        links.append(candidates[place])
    links.reverse()
    return Chain(window.video_row, chain_score(links), tuple(links))


class _Step:
    """The candidates of one step as arrays."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.starts = np.array([one.start_us for one in candidates], np.int64)
        self.ends = np.array([one.end_us for one in candidates], np.int64)
        self.costs: Numbers = np.exp(-np.array([one.score for one in candidates], np.float64) / SOFTNESS)


def _waiting(last: _Step, step: _Step, within_us: int | None) -> Numbers:
    """(candidates of `step`, of `last`): by what the wait multiplies the cost of the later, infinite where it does not
    follow."""
    wait = step.starts[:, None] - last.ends[None, :]
    follows = (wait >= -OVERLAP_US) & (step.starts[:, None] > last.starts) & (step.ends[:, None] > last.ends)
    if within_us is not None:
        follows &= wait <= within_us
    share = np.clip(wait / LONG_WAIT_US, 0.0, 1.0)
    return np.where(follows, np.exp(WAIT_COST * share / SOFTNESS), np.inf)


def _most(steps: Sequence[Sequence[Candidate]]) -> float:
    """The soft minimum of the best of each step: no chain of these has a better score."""
    best = (max(one.score for one in step) for step in steps)
    return -SOFTNESS * math.log(sum(math.exp(-score / SOFTNESS) for score in best) / len(steps))
