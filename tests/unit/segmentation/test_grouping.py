from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.domain import Cut
from indexer.segmentation import FrameTable, group
from indexer.segmentation.measure import FRAME_MEASURES
from indexer.timecode import TimeRange

SECOND = 1_000_000


def table_of(times: list[int], levels: list[int] | None = None) -> FrameTable:
    """Frames at these times, each of one luma level out of sixteen."""
    table = np.zeros(len(times), FRAME_MEASURES)
    table["t_us"] = times
    for row, level in enumerate(levels or [0] * len(times)):
        table["histogram"][row, level] = 255
    return table


def even_table(seconds: int, levels: list[int] | None = None) -> FrameTable:
    """Ten frames a second; `levels` of each second."""
    per_frame = [level for level in levels or [0] * seconds for _ in range(10)]
    return table_of([number * SECOND // 10 for number in range(seconds * 10)], per_frame)


def hard(*seconds: float) -> list[Cut]:
    return [Cut(round(t * SECOND), round(t * SECOND), "cut", 1.0) for t in seconds]


def spans_of(cuts: list[Cut], seconds: int, table: FrameTable) -> list[tuple[float, float]]:
    spans = group(cuts, end_us=seconds * SECOND, table=table)
    return [(span.start_us / SECOND, span.end_us / SECOND) for span in spans]


def test_shots_of_ordinary_length_are_segments() -> None:
    assert spans_of(hard(3, 8, 20), 25, even_table(25)) == [(0, 3), (3, 8), (8, 20), (20, 25)]


def test_no_frames_no_segments() -> None:
    assert group([], end_us=0, table=table_of([])) == []


def test_a_short_video_is_one_segment() -> None:
    assert spans_of(hard(0.4), 1, even_table(1)) == [(0, 1)]


def test_a_short_shot_joins_the_neighbour_that_looks_like_it() -> None:
    like_the_left = even_table(11, [5] * 6 + [9] * 5)
    like_the_right = even_table(11, [5] * 5 + [9] * 6)
    assert spans_of(hard(5, 6), 11, like_the_left) == [(0, 6), (6, 11)]
    assert spans_of(hard(5, 6), 11, like_the_right) == [(0, 5), (5, 11)]


def test_a_short_shot_does_not_make_a_segment_too_long() -> None:
    table = even_table(24, [5] * 20 + [9] * 4)
    assert spans_of(hard(19.5, 20), 24, table) == [(0, 20), (20, 24)]
    assert spans_of(hard(20, 21), 41, even_table(41)) == [(0, 20), (20, 21), (21, 41)]


def test_the_boundary_of_a_gradual_edit_is_the_frame_nearest_its_middle() -> None:
    dissolve = Cut(4 * SECOND, round(5.12 * SECOND), "dissolve", 0.8)
    assert spans_of([dissolve], 10, even_table(10)) == [(0, 4.6), (4.6, 10)]


def test_long_shots_are_split_in_the_fewest_equal_parts() -> None:
    assert spans_of([], 60, even_table(60)) == [(0, 20), (20, 40), (40, 60)]
    assert spans_of([], 45, even_table(45)) == [(0, 15), (15, 30), (30, 45)]


def test_a_split_moves_to_the_strongest_change_nearby() -> None:
    assert spans_of([], 30, even_table(30, [3] * 17 + [12] * 13)) == [(0, 17), (17, 30)]
    far_away = even_table(30, [3] * 25 + [12] * 5)
    assert spans_of([], 30, far_away) == [(0, 15), (15, 30)]


def test_a_still_that_is_shown_for_a_minute_is_not_split() -> None:
    assert group([], end_us=60 * SECOND, table=table_of([0])) == [TimeRange(0, 60 * SECOND)]


@given(
    gaps=st.lists(st.integers(8_000, 900_000), min_size=1, max_size=300),
    levels=st.integers(0, 99),
    places=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 20)), max_size=60),
)
def test_segments_tile_the_video_at_frames(gaps: list[int], levels: int, places: list[tuple[int, int]]) -> None:
    times = [0, *np.cumsum(gaps).tolist()]
    end_us = times[-1] + 40_000
    drawn = np.random.default_rng(levels).integers(0, 16, len(times)).tolist()
    table = table_of(times, drawn)
    cuts = [
        Cut(times[start], times[min(start + length, len(times) - 1)], "dissolve" if length else "cut", 0.5)
        for start, length in sorted(places)
        if start < len(times)
    ]
    spans = group(cuts, end_us=end_us, table=table)
    assert spans == group(cuts, end_us=end_us, table=table)
    assert spans[0].start_us == 0
    assert spans[-1].end_us == end_us
    assert all(first.end_us == second.start_us for first, second in pairwise(spans))
    assert {span.start_us for span in spans} <= set(times)
    assert all(span.duration_us <= 20 * SECOND for span in spans)
    for place, span in enumerate(spans):
        if span.duration_us < 2 * SECOND:
            beside = spans[max(0, place - 1) : place] + spans[place + 1 : place + 2]
            assert all(span.duration_us + other.duration_us > 9 * SECOND for other in beside)


@given(st.lists(st.floats(0.1, 60), max_size=400))
def test_many_cuts_never_leave_joinable_short_segments(seconds: list[float]) -> None:
    spans = group(hard(*sorted(seconds)), end_us=61 * SECOND, table=even_table(61))
    assert all(span.duration_us <= 20 * SECOND for span in spans)
    assert len([span for span in spans if span.duration_us < 2 * SECOND]) <= 2
