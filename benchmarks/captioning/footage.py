"""Footage as an ingest gives it to a captioner: cut into segments, its frames decoded and scaled."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.captioning import Clip, FrameRequest
from indexer.domain import Segment, VideoId, segment_of
from indexer.ingest import stages
from indexer.media import probe

SEGMENT_US = 10_000_000


def segments_of(seconds: float) -> list[Segment]:
    """One every ten seconds; what is left over at the end is too short to be one."""
    count = max(1, int(seconds * 1_000_000) // SEGMENT_US)
    return [segment_of(VideoId("v1"), at * SEGMENT_US, (at + 1) * SEGMENT_US) for at in range(count)]


def length_of(file: Path) -> float:
    """Seconds."""
    duration = probe(file).claimed_duration_us
    if duration is None:
        raise SystemExit(f"{file.name} does not say how long it is; take another file")
    return duration / 1e6


def clips_of(files: Sequence[Path], wants: FrameRequest) -> Iterator[Clip]:
    for file in files:
        source = stages.Source(file, probe(file).stream_index, "fast")
        yield from stages.clips(source, segments=segments_of(length_of(file)), wants=wants)
