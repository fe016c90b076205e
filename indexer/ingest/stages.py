"""The stages of an ingest: functions from values to values that know no database and no queue.

Pictures are decoded in a child process with limits, if no spool has them; the rest works on what came back.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple, TypeVar

from indexer import media
from indexer.captioning import Clip, FrameRequest
from indexer.domain import Frame, Pixels, Reading, Segment
from indexer.ingest.spool import Spool
from indexer.media import SpoolOrder
from indexer.timecode import MICROSECONDS

T = TypeVar("T")

KEYFRAME_SIDE = 640  # pixels, the longest
_SHORT_SEGMENT_S = 2.0


@dataclass(frozen=True, slots=True)
class Source:
    """What pictures are read from."""

    path: Path
    stream_index: int
    reading: Reading  # as the scan found it must be


def spool_order(requests: Iterable[FrameRequest]) -> SpoolOrder:
    """What to keep for keyframes, and for captioners that want these frames even of the shortest usual segment."""
    paces: dict[int, float] = {}
    for wants in requests:
        paces[wants.longest_side] = max(_pace(wants), paces.get(wants.longest_side, 0.0))
    return SpoolOrder(KEYFRAME_SIDE, tuple(paces.items()))


def pictures(source: Source, times: Sequence[int], *, longest_side: int) -> Iterator[Frame]:
    """The frames shown at these times (us, ascending), in one decode."""
    return media.sampled_pictures(
        source.path, times, longest_side=longest_side, stream_index=source.stream_index, reading=source.reading
    )


class Shown(NamedTuple):
    """The picture that is shown at a time that was asked for, and its JPEG."""

    t_us: int
    pixels: Pixels
    jpeg: bytes


def keyframes(source: Source, times: Sequence[int], *, spool: Spool | None = None) -> Iterator[Shown]:
    """The frames shown at these times (us, ascending): from the spool, as they were kept, where it has them, the others
    in one decode."""
    kept = [spool is not None and spool.has(t_us, longest_side=KEYFRAME_SIDE) for t_us in times]
    lacking = [t_us for t_us, is_kept in zip(times, kept, strict=True) if not is_kept]
    found = pictures(source, lacking, longest_side=KEYFRAME_SIDE)
    for t_us, is_kept in zip(times, kept, strict=True):
        if spool is not None and is_kept and (shown := _kept(spool, t_us)):
            yield shown
        else:
            yield _encoded(next(pictures(source, [t_us], longest_side=KEYFRAME_SIDE) if is_kept else found))


def _kept(spool: Spool, t_us: int) -> Shown | None:
    jpeg = spool.picture(t_us, longest_side=KEYFRAME_SIDE)
    try:
        return Shown(t_us, media.decode_jpeg(jpeg, longest_side=KEYFRAME_SIDE), jpeg)
    except ValueError:
        return None


def _encoded(frame: Frame) -> Shown:
    return Shown(frame.t_us, frame.pixels, media.encode_jpeg(frame.pixels))


def clips(
    source: Source, *, segments: Sequence[Segment], wants: FrameRequest, spool: Spool | None = None
) -> Iterator[Clip]:
    """Of each segment the frames a captioner wants, in order: all from the spool, else all from the footage,
    where one decode serves all segments that need it. Either way it sees the same."""
    times = [wanted_times(segment, wants) for segment in segments]
    side = wants.longest_side
    kept = [
        None if spool is None else spool.choose(segment.span, wanted, longest_side=side)
        for segment, wanted in zip(segments, times, strict=True)
    ]
    lacking = [t_us for wanted, chosen in zip(times, kept, strict=True) if chosen is None for t_us in wanted]
    found = _samples(source, lacking, longest_side=side)
    for segment, wanted, chosen in zip(segments, times, kept, strict=True):
        if spool is None or chosen is None:
            frames = [next(found) for _ in wanted]
        else:
            frames = spool.frames(chosen) or list(_samples(source, wanted, longest_side=side))
        yield Clip(segment.span, tuple(distinct(frames)))


def _samples(source: Source, times: Sequence[int], *, longest_side: int) -> Iterator[Frame]:
    """The frames shown at these times (us, ascending), as a spool would give them: what is measured in a picture turns
    on as little as JPEG changes, and a text is to be the same whichever way its frames came."""
    for frame in pictures(source, times, longest_side=longest_side):
        jpeg = media.encode_jpeg(frame.pixels, quality=media.SAMPLE_QUALITY)
        yield replace(frame, pixels=media.decode_jpeg(jpeg, longest_side=longest_side))


def wanted_times(segment: Segment, wants: FrameRequest) -> list[int]:
    """Times (us) spread evenly over the segment. They are moments of the pace at which a pass keeps pictures for this
    captioner, counted from the video's beginning: so kept and sought pictures are the same. Where a segment has fewer
    such moments than are wanted each time is in the middle of its share."""
    span, pace = segment.span, _pace(wants)
    period = Fraction(MICROSECONDS) / Fraction(pace)
    first = math.ceil(span.start_us / period)
    moments = math.ceil(span.end_us / period) - first
    count = _bounded(moments * wants.per_second / pace, wants)
    if count <= moments:
        return [math.ceil((first + moments * (2 * place + 1) // (2 * count)) * period) for place in range(count)]
    count = _bounded(span.duration_us * wants.per_second / MICROSECONDS, wants)
    return [span.start_us + span.duration_us * (2 * place + 1) // (2 * count) for place in range(count)]


def _bounded(count: float, wants: FrameRequest) -> int:
    return min(max(round(count), wants.at_least), wants.at_most)


def _pace(wants: FrameRequest) -> float:
    """Pictures a second, such that even the shortest usual segment has as many as are wanted."""
    return max(wants.per_second, wants.at_least / _SHORT_SEGMENT_S)


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
