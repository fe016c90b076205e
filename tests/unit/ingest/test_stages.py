"""The pure parts of the stages: which frames a captioner gets, and in what batches."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.captioning import Clip, FrameRequest
from indexer.domain import CaptionDraft, Frame, Recipe, VideoId, segment_of
from indexer.ingest.stages import captioned, distinct, wanted_times
from indexer.timecode import TimeRange

PIXELS = np.zeros((1, 1, 3), np.uint8)


class CountingCaptioner:
    """Says how many frames each clip has, and remembers the sizes of its batches."""

    recipe = Recipe("counting/1")
    wants = FrameRequest(per_second=1, at_least=1, at_most=8, longest_side=1)
    batch = 3

    def __init__(self) -> None:
        self.batches: list[int] = []

    def caption(self, clips: Sequence[Clip]) -> list[CaptionDraft]:
        self.batches.append(len(clips))
        return [CaptionDraft(str(len(clip.frames))) for clip in clips]


@given(
    start=st.integers(0, 10**10),
    length=st.integers(1, 10**8),
    per_second=st.floats(0.1, 30),
    at_least=st.integers(1, 8),
    more=st.integers(0, 100),
)
def test_wanted_times_are_inside_in_order_and_within_bounds(
    start: int, length: int, per_second: float, at_least: int, more: int
) -> None:
    segment = segment_of(VideoId("v"), start, start + length)
    times = wanted_times(segment, FrameRequest(per_second, at_least, at_least + more, 64))
    assert at_least <= len(times) <= at_least + more
    assert times == sorted(times)
    assert all(time in segment.span for time in times)


def test_wanted_times_are_spread_evenly() -> None:
    segment = segment_of(VideoId("v"), 1_000_000, 5_000_000)
    wants = FrameRequest(per_second=1, at_least=2, at_most=8, longest_side=64)
    assert wanted_times(segment, wants) == [1_500_000, 2_500_000, 3_500_000, 4_500_000]


def test_a_frame_wanted_twice_is_given_once() -> None:
    frames = [Frame(t, 40_000, PIXELS) for t in (0, 0, 40_000, 40_000, 80_000)]
    assert [frame.t_us for frame in distinct(frames)] == [0, 40_000, 80_000]


@given(st.integers(0, 20))
def test_every_clip_is_captioned_once_in_order(count: int) -> None:
    captioner = CountingCaptioner()
    segments = [segment_of(VideoId("v"), n, n + 1) for n in range(count)]
    clips = [Clip(TimeRange(n, n + 1), (Frame(n, 1, PIXELS),) * (n + 1)) for n in range(count)]
    done = [pair for batch in captioned(captioner, zip(segments, clips, strict=True)) for pair in batch]
    assert [segment for segment, _ in done] == segments
    assert [draft.text for _, draft in done] == [str(n + 1) for n in range(count)]
    assert all(size <= 3 for size in captioner.batches)
