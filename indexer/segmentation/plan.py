"""The one pass over a video: its frames in, its cuts, segments and keyframe times out."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from queue import Full, Queue

from indexer.domain import Cut, Frame, Recipe
from indexer.segmentation.base import ShotDetector
from indexer.segmentation.grouping import find_shots, group
from indexer.segmentation.keyframes import Candidate, choose_keyframes
from indexer.segmentation.measure import Measures, tap
from indexer.segmentation.scenes import find_scenes
from indexer.timecode import TimeRange

_DIVIDED = "scenes/1 segments/2"  # by which rules: a change of `scenes`, `grouping` or `splitting` is a new number
_BATCH = 25  # frames handed to the detector at a time, and between two words of progress
_AHEAD = 4  # batches that may wait for the detector


@dataclass(frozen=True, slots=True)
class Plan:
    """How a video is divided. `spans` and `scenes` tile [0, end_us); a scene's bounds are those of segments too.
    `keyframe_times` has for each span one to three times (us), the most representative first."""

    end_us: int
    frames: int
    cuts: tuple[Cut, ...]
    scenes: tuple[TimeRange, ...]
    spans: tuple[TimeRange, ...]
    keyframe_times: tuple[tuple[int, ...], ...]


def recipe_of(detector: ShotDetector) -> Recipe:
    """Of the segments that a plan with this detector has."""
    return Recipe(f"{detector.recipe} {_DIVIDED}")


def scan(frames: Iterable[Frame], detector: ShotDetector, candidates: Sequence[Candidate] = ()) -> Iterator[int | Plan]:
    """Run the whole pass: yields the time (us) of every 25th frame and, last, the plan. A video without frames has one
    without spans.

    `candidates` are the pictures that may stand for segments, in order of time, read when the frames have ended;
    without any, every frame may.

    The detector pulls its frames, and so does whoever reads this; that the two can take turns, the detector runs in a
    thread of its own, at most 125 frames behind.
    """
    measures = Measures()
    waiting: Queue[list[Frame]] = Queue(_AHEAD)
    with ThreadPoolExecutor(1, thread_name_prefix="shot-detector") as threads:
        found = threads.submit(lambda: tuple(detector.detect(_drain(waiting))))
        try:
            for batch in _batches(tap(frames, measures)):
                _hand_over(batch, waiting, found)
                yield batch[-1].t_us
        finally:
            _hand_over([], waiting, found)
        cuts = found.result()
    yield _planned(cuts, measures, candidates)


def _planned(cuts: tuple[Cut, ...], measures: Measures, candidates: Sequence[Candidate]) -> Plan:
    table, end_us = measures.table, measures.end_us
    shots = find_shots(cuts, table=table)
    firsts = find_scenes(shots, end_us=end_us, table=table)
    spans = group(shots, scenes=firsts, end_us=end_us, table=table)
    bounds = [*(0 if first == 0 else int(table["t_us"][first]) for first in firsts), end_us]
    scenes = tuple(TimeRange(start, end) for start, end in pairwise(bounds))
    times = choose_keyframes(spans, cuts=cuts, table=table, candidates=candidates)
    return Plan(end_us, len(table), cuts, scenes, tuple(spans), tuple(times))


def _batches(frames: Iterable[Frame]) -> Iterator[list[Frame]]:
    batch: list[Frame] = []
    for frame in frames:
        batch.append(frame)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _drain(waiting: Queue[list[Frame]]) -> Iterator[Frame]:
    """Frames until an empty batch, which stands for the end."""
    while batch := waiting.get():
        yield from batch


def _hand_over(batch: list[Frame], waiting: Queue[list[Frame]], found: Future[tuple[Cut, ...]]) -> None:
    """Wait for room, but not for a detector that has failed or wants no more frames."""
    while not found.done():
        try:
            waiting.put(batch, timeout=0.1)
        except Full:
            continue
        return
    found.result()
