"""The pure parts of the stages: which frames a captioner gets, and batches."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.captioning import FrameRequest
from indexer.domain import Frame, VideoId, segment_of
from indexer.ingest.stages import batched, distinct, wanted_times

PIXELS = np.zeros((1, 1, 3), np.uint8)


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


@given(start=st.integers(0, 10**9), length=st.integers(2 * 10**6, 10**8), quarters=st.integers(2, 80))
def test_wanted_times_are_moments_of_one_pace_for_all_segments(start: int, length: int, quarters: int) -> None:
    segment = segment_of(VideoId("v"), start, start + length)
    times = wanted_times(segment, FrameRequest(quarters / 4, at_least=1, at_most=10**6, longest_side=64))
    moments = [math.ceil(place * 4_000_000 / quarters) for place in range((start + length) * quarters // 4_000_000 + 2)]
    assert times == [moment for moment in moments if moment in segment.span]


def test_wanted_times_are_spread_evenly() -> None:
    segment = segment_of(VideoId("v"), 1_000_000, 5_000_000)
    wants = FrameRequest(per_second=1, at_least=4, at_most=8, longest_side=64)
    assert wanted_times(segment, wants) == [1_500_000, 2_500_000, 3_500_000, 4_500_000], "every other one"
    wants = FrameRequest(per_second=1, at_least=10, at_most=10, longest_side=64)
    assert wanted_times(segment, wants) == [1_200_000 + 400_000 * place for place in range(10)]
    short = segment_of(VideoId("v"), 1_100_000, 1_300_000)
    assert wanted_times(short, wants) == [1_110_000 + 20_000 * place for place in range(10)], "it has no such moments"


def test_a_frame_wanted_twice_is_given_once() -> None:
    frames = [Frame(t, 40_000, PIXELS) for t in (0, 0, 40_000, 40_000, 80_000)]
    assert [frame.t_us for frame in distinct(frames)] == [0, 40_000, 80_000]


@given(count=st.integers(0, 20), size=st.integers(1, 7))
def test_every_value_is_in_one_batch_in_order(count: int, size: int) -> None:
    batches = list(batched(range(count), size))
    assert [value for batch in batches for value in batch] == list(range(count))
    assert all(len(batch) == size for batch in batches[:-1])
    assert all(0 < len(batch) <= size for batch in batches)
