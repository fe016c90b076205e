from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.segmentation.measure import FrameTable
from indexer.segmentation.scenes import find_scenes
from tests.fakes.measured_frames import SECOND, even_table, table_of

CARD = 99
"""The look of a title on black."""


def with_cards(table: FrameTable, looks: list[int]) -> FrameTable:
    cards = np.repeat(np.array(looks) == CARD, 10)
    table["histogram"][cards] = [240, *[1] * 15]
    table["colours"][cards] = 4
    return table


def scenes_of(shots: list[tuple[int, int]]) -> list[int]:
    """Which of the shots, told as (look, seconds), begin a scene."""
    looks = [look for look, seconds in shots for _ in range(seconds)]
    table = with_cards(even_table(len(looks), looks), looks)
    firsts = np.cumsum([0, *(seconds * 10 for _, seconds in shots[:-1])]).tolist()
    found = find_scenes(firsts, end_us=len(looks) * SECOND, table=table)
    return [firsts.index(first) for first in found]


def test_shots_of_different_places_are_different_scenes() -> None:
    assert scenes_of([(1, 5), (2, 5), (3, 5)]) == [0, 1, 2]


def test_neighbours_that_look_alike_are_one_scene() -> None:
    assert scenes_of([(1, 5), (1, 4), (2, 5), (2, 3)]) == [0, 2]


def test_a_dialogue_seen_from_two_sides_is_one_scene() -> None:
    assert scenes_of([(1, 5), (2, 4), (1, 3), (2, 3), (1, 4), (3, 5)]) == [0, 5]


def test_a_place_seen_again_much_later_is_a_scene_of_its_own() -> None:
    assert scenes_of([(1, 5), (2, 40), (1, 5)]) == [0, 1, 2]


def test_title_cards_do_not_join_what_lies_between_them() -> None:
    assert scenes_of([(CARD, 3), (1, 5), (CARD, 3), (2, 5), (CARD, 3)]) == [0, 1, 2, 3, 4]


def test_titles_that_follow_each_other_are_one_scene() -> None:
    assert scenes_of([(1, 5), (CARD, 3), (CARD, 3), (2, 5)]) == [0, 1, 3]


def test_the_same_place_on_both_sides_of_a_title_is_one_scene() -> None:
    assert scenes_of([(1, 5), (CARD, 3), (1, 5)]) == [0]


def test_a_scene_that_would_be_too_short_joins_the_neighbour_that_looks_more_like_it() -> None:
    assert scenes_of([(1, 5), (2, 1), (3, 5)]) in ([0, 1], [0, 2])
    assert scenes_of([(1, 1), (2, 5)]) == [0]
    assert scenes_of([(1, 5), (2, 1)]) == [0]
    assert scenes_of([(1, 1)]) == [0]


def test_a_fade_between_them_does_not_make_places_alike() -> None:
    looks = [1] * 5 + [CARD] * 3 + [2] * 5
    table = with_cards(even_table(13, looks), looks)
    assert find_scenes([0, 65], end_us=13 * SECOND, table=table) == [0, 65]


def test_no_shots_no_scenes() -> None:
    assert find_scenes([], end_us=0, table=table_of([])) == []


@settings(deadline=None)
@given(shots=st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9)), min_size=1, max_size=40))
def test_scenes_begin_with_shots_and_are_never_short(shots: list[tuple[int, int]]) -> None:
    firsts = scenes_of(shots)
    assert firsts[0] == 0
    assert firsts == sorted(set(firsts))
    lengths = [sum(seconds for _, seconds in shots[first:end]) for first, end in pairwise([*firsts, len(shots)])]
    assert len(lengths) == 1 or min(lengths) >= 2
