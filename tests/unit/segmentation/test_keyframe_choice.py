from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.domain import Cut
from indexer.segmentation.keyframes import Candidate, choose_keyframes
from indexer.segmentation.measure import FrameTable
from indexer.timecode import TimeRange
from tests.fakes.measured_frames import table_of

FRAME = 40_000


def even_frames(count: int = 100, looks: list[int] | None = None) -> FrameTable:
    """Frames all alike, none of them empty."""
    return table_of([number * FRAME for number in range(count)], looks)


def all_chosen(table: FrameTable, *cuts: Cut, candidates: dict[int, float] | None = None) -> list[int]:
    """The numbers of the frames that stand for the whole table; `candidates` are frames and their sharpness."""
    span = TimeRange(0, len(table) * FRAME)
    kept = [Candidate(frame * FRAME, sharpness) for frame, sharpness in sorted((candidates or {}).items())]
    (times,) = choose_keyframes([span], cuts=cuts, table=table, candidates=kept)
    return [t_us // FRAME for t_us in times]


def chosen(table: FrameTable, *cuts: Cut, candidates: dict[int, float] | None = None) -> int:
    (frame,) = all_chosen(table, *cuts, candidates=candidates)
    return frame


def hard(frame: int) -> Cut:
    return Cut(frame * FRAME, frame * FRAME, "cut", 0.9)


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


@pytest.mark.parametrize("level", [8, 250])
def test_nearly_black_or_white_only_where_all_is(level: int) -> None:
    table = even_frames()
    table["brightness"][10:90], table["gradient"][10:90] = level, 50
    assert chosen(table) not in range(10, 90)
    table["brightness"] = level
    assert 10 <= chosen(table) < 90


def test_never_inside_a_gradual_edit() -> None:
    table = even_frames()
    table["gradient"][45] = 100
    assert chosen(table, Cut(30 * FRAME, 60 * FRAME, "dissolve", 0.9)) not in range(30, 60)


def test_some_frame_is_chosen_where_all_are_empty_or_inside_an_edit() -> None:
    table = even_frames()
    table["spread"] = 0
    assert 10 <= chosen(table, Cut(0, 101 * FRAME, "fade", 0.9)) <= 90


def test_a_single_frame_stands_for_itself() -> None:
    assert all_chosen(even_frames(1)) == [0]


def test_a_span_without_frames_is_an_error() -> None:
    with pytest.raises(ValueError, match="no frame"):
        choose_keyframes([TimeRange(1, FRAME)], cuts=(), table=even_frames())


def test_the_sharpest_candidate_is_chosen_whatever_the_small_pictures_say() -> None:
    table = even_frames()
    table["gradient"][33] = 12
    assert chosen(table, candidates={25: 100.0, 50: 900.0, 75: 150.0}) == 50
    assert chosen(table, candidates={25: 100.0, 50: 150.0, 75: 900.0}) == 75


def test_a_candidate_that_cannot_stand_for_the_span_is_passed_over() -> None:
    table = even_frames()
    table["spread"][50] = 2
    dissolve = Cut(70 * FRAME, 80 * FRAME, "dissolve", 0.9)
    assert chosen(table, dissolve, candidates={25: 1.0, 50: 999.0, 75: 999.0}) == 25
    assert chosen(table, dissolve, candidates={50: 999.0, 75: 999.0}) not in (50, *range(70, 80))
    assert chosen(table, candidates={200: 1.0}) == 49


def test_of_several_shots_the_longest_comes_first() -> None:
    table = even_frames(100, [1] * 30 + [2] * 70)
    table["gradient"][20] = 15
    assert chosen(table, hard(30)) >= 30


def test_a_long_span_has_pictures_that_differ() -> None:
    table = even_frames(400, [1] * 160 + [2] * 120 + [3] * 120)
    frames = all_chosen(table, hard(160), hard(280))
    assert len(frames) == 3
    assert frames[0] < 160
    assert {(frame >= 160) + (frame >= 280) for frame in frames} == {0, 1, 2}


def test_a_long_span_whose_pictures_are_alike_has_one() -> None:
    assert len(all_chosen(even_frames(400))) == 1


def test_a_short_span_has_one_however_its_pictures_differ() -> None:
    assert len(all_chosen(even_frames(150, [1] * 75 + [2] * 75), hard(75))) == 1
    assert len(all_chosen(even_frames(151, [1] * 75 + [2] * 76), hard(75))) == 2
    assert len(all_chosen(even_frames(300, [1] * 100 + [2] * 100 + [3] * 100))) == 2


moments = st.integers(0, 60).map(lambda frame: frame * FRAME)
edits_drawn = st.lists(st.tuples(moments, moments).map(sorted), max_size=9)


@settings(deadline=None)
@given(edits_drawn, st.sets(st.integers(1, 59), max_size=9))
def test_the_edits_near_a_span_are_found_among_many(edits: list[list[int]], bounds: set[int]) -> None:
    table = even_frames(60)
    cuts = [Cut(first, last, "dissolve", 0.9) for first, last in edits]
    spans = [TimeRange(first * FRAME, last * FRAME) for first, last in pairwise([0, *sorted(bounds), 60])]
    one_by_one = [choose_keyframes([span], cuts=cuts, table=table)[0] for span in spans]
    assert choose_keyframes(spans, cuts=cuts, table=table) == one_by_one


@settings(deadline=None)
@given(
    seed=st.integers(0, 999),
    period=st.sampled_from([FRAME, 10 * FRAME]),
    bounds=st.sets(st.integers(1, 59)),
    edits=edits_drawn,
    kept=st.sets(st.integers(0, 59)),
)
def test_each_span_has_the_best_of_its_own_frames(
    seed: int, period: int, bounds: set[int], edits: list[list[int]], kept: set[int]
) -> None:
    drawn = np.random.default_rng(seed)
    table = table_of([number * period for number in range(60)], drawn.integers(0, 4, 60).tolist())
    for name in ("brightness", "spread"):
        table[name] = drawn.integers(0, 60, 60)
    table["gradient"], table["motion"] = drawn.random(60) * 20, drawn.random(60) * 20
    spans = [TimeRange(first * period, last * period) for first, last in pairwise([0, *sorted(bounds), 60])]
    cuts = [Cut(first // FRAME * period, last // FRAME * period, "dissolve", 1.0) for first, last in edits]
    candidates = [Candidate(frame * period, drawn.random() * 500) for frame in sorted(kept)]
    chosen_times = choose_keyframes(spans, cuts=cuts, table=table, candidates=candidates)
    for span, times in zip(spans, chosen_times, strict=True):
        own = table[span.start_us // period : span.end_us // period]
        inside = np.array([any(cut.start_us <= t_us < cut.end_us for cut in cuts) for t_us in own["t_us"]])
        fit = (own["spread"] >= 8) & ~inside
        rows = [t_us // period - span.start_us // period for t_us in times]
        assert all(t_us in span for t_us in times)
        assert 1 <= len(set(times)) == len(times) <= 3
        assert fit[rows].all() or not fit.any()
        assert (own["spread"][rows] >= 8).all() or (own["spread"] < 8).all()
        good = {candidate.t_us for candidate in candidates if candidate.t_us in own["t_us"][fit]}
        assert set(times) <= good or not good
