from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.domain import Cut
from indexer.segmentation.grouping import LONGEST_US, SHORTEST_US, choose_bounds, find_shots, group
from indexer.segmentation.measure import FrameTable
from indexer.timecode import TimeRange
from tests.fakes.measured_frames import SECOND, even_table, table_of


def hard(*seconds: float) -> list[Cut]:
    return [Cut(round(t * SECOND), round(t * SECOND), "cut", 1.0) for t in seconds]


def spans_of(
    cuts: list[Cut], seconds: int, table: FrameTable, scenes_s: tuple[float, ...] = ()
) -> list[tuple[float, float]]:
    shots = find_shots(cuts, table=table)
    scenes = [0, *(int(np.searchsorted(table["t_us"], round(t * SECOND))) for t in scenes_s)]
    spans = group(shots, scenes=scenes, end_us=seconds * SECOND, table=table)
    return [(span.start_us / SECOND, span.end_us / SECOND) for span in spans]


def test_shots_of_ordinary_length_are_segments() -> None:
    assert spans_of(hard(3, 8, 20), 25, even_table(25)) == [(0, 3), (3, 8), (8, 20), (20, 25)]


def test_no_frames_no_segments() -> None:
    table = table_of([])
    assert find_shots([], table=table) == []
    assert group([], scenes=[], end_us=0, table=table) == []


def test_a_short_video_is_one_segment() -> None:
    assert spans_of(hard(0.4), 1, even_table(1)) == [(0, 1)]


def test_a_short_shot_joins_the_neighbour_that_looks_like_it() -> None:
    like_the_left = even_table(11, [5] * 6 + [9] * 5)
    like_the_right = even_table(11, [5] * 5 + [9] * 6)
    assert spans_of(hard(5, 6), 11, like_the_left) == [(0, 6), (6, 11)]
    assert spans_of(hard(5, 6), 11, like_the_right) == [(0, 5), (5, 11)]


def test_a_short_shot_does_not_join_over_the_end_of_a_scene() -> None:
    like_the_left = even_table(11, [5] * 6 + [9] * 5)
    assert spans_of(hard(5, 6), 11, like_the_left, scenes_s=(5,)) == [(0, 5), (5, 11)]


def test_a_short_shot_does_not_make_a_segment_too_long() -> None:
    table = even_table(24, [5] * 20 + [9] * 4)
    assert spans_of(hard(19.5, 20), 24, table) == [(0, 20), (20, 24)]
    assert spans_of(hard(19.9, 20.5), 24, even_table(24, [5] * 21 + [9] * 3)) == [(0, 19.9), (19.9, 24)]


def test_a_short_shot_between_two_of_the_full_length_takes_from_one_of_them() -> None:
    spans = spans_of(hard(20, 21), 41, even_table(41))
    assert len(spans) == 3
    assert all(2 <= end - start <= 20 for start, end in spans)
    assert {bound for span in spans for bound in span} & {20, 21}


def test_the_boundary_of_a_gradual_edit_is_the_frame_nearest_its_middle() -> None:
    dissolve = Cut(4 * SECOND, round(5.12 * SECOND), "dissolve", 0.8)
    assert spans_of([dissolve], 10, even_table(10)) == [(0, 4.6), (4.6, 10)]


def test_a_take_in_which_nothing_happens_is_split_in_the_fewest_even_parts() -> None:
    for seconds, parts in ((60, 3), (45, 3), (75, 4)):
        lengths = [end - start for start, end in spans_of([], seconds, even_table(seconds))]
        assert len(lengths) == parts
        assert max(lengths) - min(lengths) <= 1


def test_a_long_take_is_split_where_the_picture_changes_most() -> None:
    assert spans_of([], 30, even_table(30, [3] * 17 + [12] * 13)) == [(0, 17), (17, 30)]
    assert spans_of([], 30, even_table(30, [3] * 26 + [12] * 4))[-1] == (26, 30)


def test_a_shot_of_less_than_twenty_seconds_is_not_split_whatever_happens() -> None:
    assert spans_of([], 19, even_table(19, [3] * 10 + [12] * 9)) == [(0, 19)]


@pytest.mark.parametrize("noise", [0.0, 0.5])
@pytest.mark.parametrize(("start", "length"), [(95, 6), (147, 3), (201, 15)])
def test_an_event_in_a_quiet_take_is_a_segment_of_its_own(noise: float, start: int, length: int) -> None:
    table = even_table(300)
    table["motion"] = noise * (1 + np.random.default_rng(1).random(len(table)) / 5)
    table["motion"][start * 10 : (start + length) * 10] += 2
    assert (start, start + length) in spans_of([], 300, table)


def test_an_event_shorter_than_any_segment_is_not_cut_in_two() -> None:
    table = even_table(300)
    table["motion"][1400:1410] = 2
    assert [span for span in spans_of([], 300, table) if span[0] <= 140 and span[1] >= 141]


def test_a_still_that_is_shown_for_a_minute_is_not_split() -> None:
    assert group([0], scenes=[0], end_us=60 * SECOND, table=table_of([0])) == [TimeRange(0, 60 * SECOND)]


def test_a_take_longer_than_what_is_measured_at_once_has_no_seams() -> None:
    looks = [3] * 400 + [12] * 500
    spans = spans_of([], 900, even_table(900, looks, per_second=24))
    assert 400 in {start for start, _ in spans}
    assert all(2 <= end - start <= 20 for start, end in spans)


@settings(deadline=None)
@given(
    gaps=st.lists(st.floats(0.2, 25), min_size=1, max_size=9),
    worths=st.lists(st.integers(-20, 20), min_size=8, max_size=8),
)
def test_the_chosen_bounds_are_the_best_there_are(gaps: list[float], worths: list[int]) -> None:
    times = [0, *np.cumsum([round(gap * SECOND) for gap in gaps]).tolist()]
    inner = [worth / 10 for worth in worths[: len(times) - 2]]

    def value(chosen: tuple[int, ...]) -> float:
        bounds = [0, *chosen, len(times) - 1]
        lengths = [(times[last] - times[first], last - first) for first, last in pairwise(bounds)]
        if any(length > LONGEST_US and steps > 1 for length, steps in lengths):
            return -np.inf
        cost = sum((length / LONGEST_US) ** 2 / 2 for length, _ in lengths)
        short = sum(length < SHORTEST_US for length, _ in lengths)
        return float(sum(inner[place - 1] for place in chosen) - cost - 1e6 * short)

    places = range(1, len(times) - 1)
    best = max(value(chosen) for size in range(len(times) - 1) for chosen in combinations(places, size))
    bounds = choose_bounds(times, inner)
    assert (bounds[0], bounds[-1]) == (times[0], times[-1])
    assert value(tuple(times.index(bound) for bound in bounds[1:-1])) == pytest.approx(best)


@settings(deadline=None)
@given(st.lists(st.floats(0.1, 60), max_size=400))
def test_however_many_cuts_every_segment_is_of_two_to_twenty_seconds(seconds: list[float]) -> None:
    spans = spans_of(hard(*sorted(seconds)), 61, even_table(61))
    assert all(2 <= round(end - start, 6) <= 20 for start, end in spans)
