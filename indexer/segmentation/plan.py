"""The one pass over a video: its frames in, its cuts, segments and keyframe times out."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import Full, Queue

from indexer.domain import Cut, Frame
from indexer.segmentation.base import ShotDetector
from indexer.segmentation.grouping import group
from indexer.segmentation.keyframes import Candidate, choose_keyframes
from indexer.segmentation.measure import Measures, tap
from indexer.timecode import TimeRange

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


def plan(frames: Iterable[Frame], detector: ShotDetector) -> Plan:
    """Run the whole pass. A video without frames has a plan without spans."""
    measures = Measures()
    cuts = tuple(detector.detect(tap(frames, measures)))
    return _planned(cuts, measures)


def scan(frames: Iterable[Frame], detector: ShotDetector, candidates: Sequence[Candidate] = ()) -> Iterator[int | Plan]:
    """As `plan`, telling how far it is: yields the time (us) of every 25th frame and, last, the plan.

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


def _planned(cuts: tuple[Cut, ...], measures: Measures, candidates: Sequence[Candidate] = ()) -> Plan:
    table = measures.table
    spans = group(cuts, end_us=measures.end_us, table=table)
    times = choose_keyframes(spans, cuts=cuts, table=table)
    scenes = (TimeRange(0, measures.end_us),) if spans else ()
    return Plan(measures.end_us, len(table), cuts, scenes, tuple(spans), tuple((t_us,) for t_us in times))


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
