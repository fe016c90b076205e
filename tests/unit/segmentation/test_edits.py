"""From scores to cuts, with scores made by hand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.domain import Cut, EditKind, Frame
from indexer.segmentation.edits import Thresholds, edits
from indexer.segmentation.network import KINDS, Scores
from indexer.segmentation.scoring import Moment, Scored

PERIOD_US = 40_000
EMPTY = np.zeros((36, 64, 3), np.uint8)


def scored(
    count: int,
    boundary: Mapping[int, float],
    inside: Sequence[int] = (),
    *,
    kind: EditKind = "cut",
    steps: Mapping[int, float] | None = None,
) -> Scored:
    """`count` moments; what is not named is 0."""
    moments = [
        Moment(Frame(place * PERIOD_US, PERIOD_US, EMPTY), place * PERIOD_US, (steps or {}).get(place, 0.0))
        for place in range(count)
    ]
    scores = Scores(
        np.array([boundary.get(place, 0.0) for place in range(count)], np.float32),
        np.array([float(place in inside) for place in range(count)], np.float32),
        np.tile((np.array(KINDS) == kind).astype(np.float32), (count, 1)),
    )
    return Scored(moments, scores)


def darken(some: Scored, places: Iterable[int]) -> None:
    for place in places:
        some.moments[place] = replace(some.moments[place], empty=True)


def found(some: Scored) -> list[Cut]:
    return list(edits([some], Thresholds()))


def test_a_hard_cut_lies_where_the_picture_changed_most() -> None:
    cuts = found(scored(100, {50: 0.9, 51: 0.8}, [50], steps={49: 3, 50: 40, 51: 9}))
    assert [(cut.start_us, cut.end_us, cut.kind) for cut in cuts] == [(50 * PERIOD_US, 50 * PERIOD_US, "cut")]


def test_a_change_at_a_frame_that_was_passed_over_counts_there() -> None:
    some = scored(100, {50: 0.9})
    some.moments[50] = Moment(some.moments[50].frame, 50 * PERIOD_US - 20_000, 30.0)
    assert found(some)[0].start_us == 50 * PERIOD_US - 20_000


def test_a_gradual_edit_runs_from_its_first_frame_to_the_first_clean_one() -> None:
    (cut,) = found(scored(100, {49: 0.9, 50: 0.95, 51: 0.9}, range(40, 60), kind="wipe"))
    assert (cut.start_us, cut.end_us, cut.kind) == (40 * PERIOD_US, 60 * PERIOD_US, "wipe")
    assert round(cut.strength, 2) == 0.95


def test_a_cut_that_lasts_is_the_next_best_kind() -> None:
    assert found(scored(100, {50: 0.9}, range(40, 60)))[0].kind in KINDS[1:]


def test_a_gradual_edit_of_one_frame_is_a_cut() -> None:
    assert found(scored(100, {50: 0.9}, [50], kind="dissolve"))[0].kind == "cut"


def test_two_moments_apart_is_one_boundary_and_three_are_two() -> None:
    assert len(found(scored(100, {50: 0.9, 52: 0.9}))) == 1
    assert len(found(scored(100, {50: 0.9, 53: 0.9}))) == 2


def test_nothing_begins_at_the_first_frame() -> None:
    assert found(scored(50, {0: 0.9, 1: 0.9}, [0, 1])) == []
    assert found(scored(50, {2: 0.9}, [0, 1, 2, 3, 4], kind="fade")) == []


def test_an_edit_at_the_end_ends_with_the_last_frame() -> None:
    (cut,) = found(scored(50, {48: 0.9}, range(40, 50), kind="fade"))
    assert cut.end_us == 49 * PERIOD_US


def test_what_the_video_fades_in_from_or_out_to_is_no_edit() -> None:
    some = scored(200, {20: 0.9, 100: 0.9, 180: 0.9}, [*range(15, 26), *range(95, 106), *range(175, 186)], kind="fade")
    darken(some, [*range(15), *range(97, 104), *range(186, 200)])
    assert [cut.start_us for cut in found(some)] == [95 * PERIOD_US]


def test_a_fade_that_leads_into_long_black_comes_when_that_ends() -> None:
    some = scored(250, {50: 0.9, 150: 0.9}, range(40, 60), kind="fade", steps={150: 30})
    darken(some, range(60, 150))
    assert [cut.start_us // PERIOD_US for cut in found(some)] == [40, 150]


def test_nobody_waits_for_long_black_to_end() -> None:
    some = scored(2000, {50: 0.9}, range(40, 60), kind="fade")
    darken(some, range(60, 2000))
    read = 0

    def counted() -> Iterator[Scored]:
        nonlocal read
        for first in range(0, 2000, 50):
            read = first + 50
            part = slice(first, first + 50)
            yield Scored(some.moments[part], some.scores.of(part))

    assert next(edits(counted(), Thresholds())).start_us == 40 * PERIOD_US
    assert read < 400


def test_dissolves_of_pictures_with_hardly_any_contrast_are_edits() -> None:
    some = scored(100, {50: 0.9}, range(40, 60), kind="dissolve")
    darken(some, range(100))
    assert len(found(some)) == 1


def test_above_the_rate_that_is_looked_at_cuts_do_not_reach_into_the_edit_before() -> None:
    some = scored(200, {50: 0.9, 53: 0.9}, range(40, 52), steps={52: 9})
    some.scores.kinds[:52] = np.array(KINDS) == "dissolve"
    for place, moment in enumerate(some.moments):
        some.moments[place] = Moment(moment.frame, max(0, moment.change_us - 30_000), moment.step)
    first, second = found(some)
    assert first.end_us <= second.start_us


@given(st.lists(st.floats(0, 1), min_size=1, max_size=600), st.data())
def test_cuts_never_overlap_and_do_not_depend_on_how_scores_come(values: list[float], data: st.DataObject) -> None:
    inside = data.draw(st.sets(st.integers(0, len(values) - 1)))
    kind = data.draw(st.sampled_from(KINDS))
    whole = scored(len(values), dict(enumerate(values)), sorted(inside), kind=kind)
    cuts = found(whole)
    assert all(first.end_us <= second.start_us for first, second in pairwise(cuts))
    assert all(0 < cut.start_us <= cut.end_us for cut in cuts)
    middle = len(values) // 2
    parts = [
        Scored(whole.moments[part], whole.scores.of(part)) for part in (slice(0, middle), slice(middle, len(values)))
    ]
    assert list(edits(parts, Thresholds())) == cuts
