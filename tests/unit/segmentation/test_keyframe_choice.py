from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.domain import Cut
from indexer.segmentation import FrameTable, choose_keyframe, choose_keyframes
from indexer.segmentation.measure import FRAME_MEASURES
from indexer.timecode import TimeRange

FRAME = 40_000
SPAN = TimeRange(0, 100 * FRAME)


def even_frames(count: int = 100) -> FrameTable:
    """Frames all alike, none of them empty."""
    table = np.zeros(count, FRAME_MEASURES)
    table["t_us"] = np.arange(count) * FRAME
    table["spread"], table["gradient"] = 40, 10
    table["histogram"][:, 4] = 255
    return table


def chosen(table: FrameTable, *cuts: Cut) -> int:
    return choose_keyframe(SPAN, cuts=cuts, table=table) // FRAME


def test_of_equal_frames_the_middle_one() -> None:
    assert chosen(even_frames()) == 50


def test_a_sharp_frame_is_preferred() -> None:
    table = even_frames()
    table["gradient"][30] = 20
    assert chosen(table) == 30


def test_a_moving_frame_is_avoided() -> None:
    table = even_frames()
    table["motion"] = 5
    table["motion"][70:75] = 0
    assert 70 <= chosen(table) < 75


def test_a_frame_unlike_the_others_is_avoided() -> None:
    table = even_frames()
    table["histogram"][45:55] = 0
    table["histogram"][45:55, 12] = 255
    assert chosen(table) not in range(45, 55)


def test_the_first_and_last_tenth_are_left_out() -> None:
    table = even_frames()
    table["gradient"][[2, 9, 91, 99]] = 100
    assert 10 <= chosen(table) <= 90


def test_never_empty_however_it_scores() -> None:
    table = even_frames()
    table["spread"][20:80] = 3
    assert chosen(table) not in range(20, 80)
    table["spread"][:] = 3
    table["spread"][4] = 8
    assert chosen(table) == 4


def test_never_inside_a_gradual_edit() -> None:
    table = even_frames()
    table["gradient"][45] = 100
    assert chosen(table, Cut(30 * FRAME, 60 * FRAME, "dissolve", 0.9)) not in range(30, 60)


def test_some_frame_is_chosen_where_all_are_empty_or_inside_an_edit() -> None:
    table = even_frames()
    table["spread"] = 0
    assert 10 <= chosen(table, Cut(0, 101 * FRAME, "fade", 0.9)) <= 90


def test_a_span_without_frames_is_an_error() -> None:
    with pytest.raises(ValueError, match="no frame"):
        choose_keyframe(TimeRange(1, FRAME), cuts=(), table=even_frames())


moments = st.integers(0, 60).map(lambda frame: frame * FRAME)


@given(st.lists(st.tuples(moments, moments), max_size=9), st.sets(st.integers(1, 59), max_size=9))
def test_the_edits_near_a_span_are_found_among_many(edits: list[tuple[int, int]], bounds: set[int]) -> None:
    table = even_frames(60)
    cuts = [Cut(min(edit), max(edit), "dissolve", 0.9) for edit in edits]
    spans = [TimeRange(first * FRAME, last * FRAME) for first, last in pairwise([0, *sorted(bounds), 60])]
    one_by_one = [choose_keyframe(span, cuts=cuts, table=table) for span in spans]
    assert choose_keyframes(spans, cuts=cuts, table=table) == one_by_one


@given(seed=st.integers(0, 999), count=st.integers(1, 60), bounds=st.sets(st.integers(1, 59)))
def test_each_span_has_one_of_its_own_frames(seed: int, count: int, bounds: set[int]) -> None:
    drawn = np.random.default_rng(seed)
    table = even_frames(count)
    for name in ("brightness", "spread"):
        table[name] = drawn.integers(0, 60, count)
    table["gradient"], table["motion"] = drawn.random(count) * 20, drawn.random(count) * 20
    table["histogram"] = drawn.integers(0, 256, (count, 16))
    edges = [0, *sorted(bound for bound in bounds if bound < count), count]
    spans = [TimeRange(first * FRAME, last * FRAME) for first, last in pairwise(edges)]
    cuts = [Cut(span.start_us, span.start_us, "cut", 1.0) for span in spans[1:]]
    times = choose_keyframes(spans, cuts=cuts, table=table)
    assert all(t_us in span and t_us % FRAME == 0 for t_us, span in zip(times, spans, strict=True))
    for t_us, span in zip(times, spans, strict=True):
        rows = table[span.start_us // FRAME : span.end_us // FRAME]
        assert table["spread"][t_us // FRAME] >= 8 or rows["spread"].max() < 8
