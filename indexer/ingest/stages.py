"""The stages of an ingest: functions from values to values that know no database and no queue.

`scan` and the pictures are decoded in a child process with limits; the rest works on what came back.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from indexer import media, segmentation
from indexer.captioning import Clip, FrameRequest
from indexer.domain import Decoded, Frame, MediaInfo, Reading, Segment
from indexer.media import DecodeNotes
from indexer.segmentation import Plan
from indexer.timecode import short_duration

T = TypeVar("T")

_NOT_WORTH_TELLING_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Scanned:
    """What one decode of a whole file gave: the plan of its segments, its true measures, and what went wrong."""

    plan: Plan
    decoded: Decoded
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """What pictures are read from."""

    path: Path
    stream_index: int
    reading: Reading  # as the scan found it must be


def scan(path: Path, info: MediaInfo, *, detector: str) -> Iterator[int | Scanned]:
    """Decode the whole file once, in a sandbox: yields how far it is (t_us) and, last, what it found."""
    return media.run_sandboxed(scan_here, path, info, detector, returns=int | Scanned)


def scan_here(path: Path, info: MediaInfo, detector: str) -> Iterator[int | Scanned]:
    """What `scan` runs in the child process. Where damage shows it begins again, carefully: then the frames found are
    those that will be found again."""
    notes = media.DecodeNotes()
    for step in _scan(path, info, detector=detector, reading="fast", notes=notes):
        if notes.damaged:
            notes = media.DecodeNotes()
            yield from _scan(path, info, detector=detector, reading="careful", notes=notes)
            return
        yield step


def _scan(
    path: Path, info: MediaInfo, *, detector: str, reading: Reading, notes: DecodeNotes
) -> Iterator[int | Scanned]:
    shot_detector = segmentation.make_detector(detector)
    frames = media.read_frames(
        path, size=shot_detector.size, stream_index=info.stream_index, reading=reading, notes=notes
    )
    for step in segmentation.scan(frames, shot_detector):
        if isinstance(step, Plan):
            yield Scanned(step, notes.decoded, notes.warnings + broken_promises(info, notes.decoded))
        else:
            yield step


def broken_promises(info: MediaInfo, decoded: Decoded) -> tuple[str, ...]:
    """What the header claimed and decoding did not find, for the report."""
    told = []
    claimed = 0 if len(decoded.stretches) > 1 else info.claimed_duration_us or 0  # jumps are told, and make claims long
    if claimed - decoded.end_us > max(_NOT_WORTH_TELLING_US, claimed // 100):
        ends, promised = short_duration(decoded.end_us), short_duration(claimed)
        told.append(f"its pictures end at {ends}, though its header claims {promised}; all there are were kept")
    if info.rate is not None and decoded.rate is None:
        told.append(f"its frame rate varies, though it begins at {float(info.rate):g} frames a second")
    return tuple(told)


def pictures(source: Source, times: Sequence[int], *, longest_side: int) -> Iterator[Frame]:
    """The frames shown at these times (us, ascending), in one decode."""
    return media.sampled_pictures(
        source.path, times, longest_side=longest_side, stream_index=source.stream_index, reading=source.reading
    )


def clips(source: Source, *, segments: Sequence[Segment], wants: FrameRequest) -> Iterator[tuple[Segment, Clip]]:
    """Each segment with the frames a captioner wants of it, in order; one decode for all of them."""
    times = [wanted_times(segment, wants) for segment in segments]
    found = pictures(source, [time for some in times for time in some], longest_side=wants.longest_side)
    for segment, wanted in zip(segments, times, strict=True):
        frames = [next(found) for _ in wanted]
        yield segment, Clip(segment.span, tuple(distinct(frames)))


def wanted_times(segment: Segment, wants: FrameRequest) -> list[int]:
    """Times (us) spread evenly over the segment, each in the middle of its share."""
    span = segment.span
    count = round(span.duration_us * wants.per_second / 1_000_000)
    count = min(max(count, wants.at_least), wants.at_most)
    return [span.start_us + span.duration_us * (2 * place + 1) // (2 * count) for place in range(count)]


def distinct(frames: Iterable[Frame]) -> Iterator[Frame]:
    """Without repeats: short segments and slow footage give the same frame for two wanted times."""
    last = None
    for frame in frames:
        if frame.t_us != last:
            yield frame
        last = frame.t_us


def batched(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """In lists of `size`, the last one perhaps shorter; each as soon as it is full."""
    batch: list[T] = []
    for value in values:
        batch.append(value)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
