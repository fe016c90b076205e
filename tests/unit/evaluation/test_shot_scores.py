"""Scoring found edits: the rules one by one, and all of them against a plain restatement."""

import importlib.util
import json
import random
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.domain import Cut
from indexer.evaluation import (
    Agreement,
    Edit,
    FalseAlarm,
    LabelledClip,
    Score,
    Stretch,
    compare,
    f1_interval,
    read_shot_labels,
    tally,
)

PERIOD = 100  # so that times are read as frames and hundredths


def clip(
    *edits: tuple[int, int, str], ignored: tuple[Stretch, ...] = (), distractors: tuple[Stretch, ...] = ()
) -> LabelledClip:
    return LabelledClip("a.mp4", PERIOD, tuple(Edit(*edit) for edit in edits), ignored, distractors)


def outcome(labels: LabelledClip, *found: tuple[int, int]) -> tuple[int, int, list[str]]:
    agreement = compare(labels, found)
    return len(agreement.found), len(agreement.missed), [alarm.fell_on for alarm in agreement.false_alarms]


CUT = (1000, 1000, "cut")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ((750, 750), (1, 0, [])),
        ((1250, 1250), (1, 0, [])),
        ((749, 749), (0, 1, ["near an edit"])),
        ((600, 749), (0, 1, ["near an edit"])),
        ((600, 750), (1, 0, [])),
        ((1301, 1400), (0, 1, ["plain picture"])),
    ],
)
def test_a_hard_cut_is_found_within_two_frames_and_a_half(found: tuple[int, int], expected: object) -> None:
    assert outcome(clip(CUT), found) == expected


def test_a_gradual_edit_is_found_by_what_touches_it() -> None:
    dissolve = clip((1000, 3000, "dissolve"))
    for found in ((750, 750), (2000, 2000), (3250, 3250), (0, 9000)):
        assert outcome(dissolve, found) == (1, 0, [])
    assert outcome(dissolve, (3251, 3251)) == (0, 1, ["near an edit"])


def test_one_find_serves_one_edit_and_the_other_way_round() -> None:
    assert outcome(clip(CUT, (1200, 1200, "cut")), (1100, 1100)) == (1, 1, [])
    assert outcome(clip(CUT), (950, 950), (1000, 1000)) == (1, 0, ["near an edit"])


def test_hard_cuts_choose_first_and_take_the_nearest() -> None:
    agreement = compare(clip((1000, 2000, "dissolve"), (2100, 2100, "cut")), [(2000, 2000)])
    assert [edit.kind for edit in agreement.found] == ["cut"]
    agreement = compare(clip((1000, 1000, "cut")), [(800, 800), (1100, 1100)])
    assert [alarm.start_us for alarm in agreement.false_alarms] == [800]


def test_the_second_half_of_a_fade_that_was_found_is_no_false_alarm() -> None:
    fade, dissolve = clip((1000, 4000, "fade_black")), clip((1000, 4000, "dissolve"))
    assert outcome(fade, (1000, 1500), (3500, 4000)) == (1, 0, [])
    assert outcome(dissolve, (1000, 1500), (3500, 4000)) == (1, 0, ["near an edit"])


def test_what_touches_an_ignored_stretch_counts_neither_way() -> None:
    labels = clip(CUT, ignored=(Stretch(5000, 6000),))
    assert outcome(labels, (4000, 5000), (6000, 6000), (1000, 1000)) == (1, 0, [])
    assert outcome(labels, (6001, 6001)) == (0, 1, ["plain picture"])


def test_false_alarms_are_told_by_what_they_fell_on() -> None:
    distractors = (Stretch(5000, 6000, "zoom"), Stretch(5500, 5600, "flash"), Stretch(8000, 8100, "pan"))
    labels = clip(CUT, distractors=distractors)
    found = [(700, 700), (5550, 5550), (5000, 5000), (8300, 8300), (8301, 8301)]
    assert outcome(labels, *found)[2] == ["near an edit", "zoom", "flash+zoom", "pan", "plain picture"]


def test_cuts_of_a_detector_are_scored_by_their_start_and_end() -> None:
    labels = clip(CUT, (3000, 4000, "wipe"))
    cuts = [Cut(1000, 1000, "cut", 1.0), Cut(2900, 4100, "wipe", 0.7)]
    assert compare(labels, cuts) == compare(labels, [(1000, 1000), (2900, 4100)])


def test_the_scores() -> None:
    assert Score(0, 0, 0).f1 == 1.0
    assert Score(0, 4, 0).f1 == 0.0
    score = Score(6, 8, 2)
    assert (score.precision, score.recall, score.f1) == (0.75, 0.75, 0.75)


def test_the_table_counts_each_false_alarm_against_both_sorts() -> None:
    cut, wipe = Edit(1, 1, "cut"), Edit(5, 9, "wipe")
    one = Agreement("a", (cut,), (wipe,), (FalseAlarm(3, 3, "flash"), FalseAlarm(4, 4, "pan")))
    other = Agreement("b", (wipe, cut), (), (FalseAlarm(3, 3, "pan"),))
    table = tally([one, other])
    assert (table.overall, table.hard, table.gradual) == (Score(3, 4, 3), Score(2, 2, 3), Score(1, 2, 3))
    assert table.by_kind == {"cut": (2, 2), "wipe": (1, 2)}
    assert list(table.false_alarms.items()) == [("pan", 2), ("flash", 1)]


# -- against a restatement that shares no code ------------------------------------------------------------------------

TIMES = st.integers(0, 60).map(lambda halves: halves * PERIOD // 2)
SPANS = st.tuples(TIMES, TIMES).map(lambda pair: (min(pair), max(pair)))
CUTS = st.lists(TIMES, max_size=5).map(lambda times: [(t, t, "cut") for t in times])
GRADUAL = st.lists(
    st.tuples(SPANS, st.sampled_from(["dissolve", "fade_black"])).map(lambda one: (one[0][0], one[0][1] + 1, one[1])),
    max_size=4,
)


@given(CUTS, GRADUAL, st.lists(SPANS, max_size=8), st.lists(SPANS, max_size=2))
def test_as_the_rules_say(
    cuts: list[tuple[int, int, str]],
    gradual: list[tuple[int, int, str]],
    found: list[tuple[int, int]],
    ignored: list[tuple[int, int]],
) -> None:
    labels = clip(*cuts, *gradual, ignored=tuple(Stretch(*span) for span in ignored))
    agreement = compare(labels, found)
    by_start = sorted(gradual, key=lambda one: one[0])  # those that begin together: as they are listed
    took, false = restated([*sorted(cuts), *by_start], sorted(found), ignored)
    assert sorted((e.start_us, e.end_us) for e in agreement.found) == sorted((e[0], e[1]) for e in took)
    assert len(agreement.found) + len(agreement.missed) == len(cuts) + len(gradual)
    assert [(alarm.start_us, alarm.end_us) for alarm in agreement.false_alarms] == false


def restated(
    edits: list[tuple[int, int, str]], found: list[tuple[int, int]], ignored: list[tuple[int, int]]
) -> tuple[list[tuple[int, int, str]], list[tuple[int, int]]]:
    """In hundredths of a frame, by giving one after another what is left over."""
    left, took = list(found), []
    for low, high, kind in edits:
        grown = range(low - 250, high + 251)
        near = [span for span in left if any(t in grown for t in range(span[0], span[1] + 1))]
        if near:
            nearest = min(near, key=lambda span: (abs(span[0] + span[1] - low - high), span))
            left.remove(nearest)
            took.append((low, high, kind))
    spared = [range(low, high + 1) for low, high in ignored]
    spared += [range(low - 250, high + 251) for low, high, kind in took if kind == "fade_black"]
    return took, [span for span in left if not any(t in some for some in spared for t in range(span[0], span[1] + 1))]


@pytest.mark.footage
def test_as_the_bench_scores(bench: Path) -> None:
    path = bench / "footage" / "labels.json"
    written = json.loads(path.read_text())
    drawn = random.Random(7)
    found: dict[str, list[list[int]]] = {}
    for name, entry in written["clips"].items():
        times = [(cut["time_us"],) * 2 for cut in entry["cuts"]] + [
            (g["first_us"], g["end_us"]) for g in entry["gradual"]
        ]
        kept = [span for span in times for _ in range(drawn.choice((0, 1, 1, 2)))]
        shift = [drawn.randint(-4, 4) * entry["frame_period_us"] for _ in kept]
        found[name] = [[low + by, high + by] for (low, high), by in zip(kept, shift, strict=True)]
        found[name] += [[t, t] for t in drawn.sample(range(entry["frames"] * entry["frame_period_us"]), 5)]
    theirs = scorer(bench).evaluate(written, found)
    agreements = [compare(one, [(a, b) for a, b in found[one.name]]) for one in read_shot_labels(path)]
    table = tally(agreements)
    assert 0.3 < theirs["f1"] < 0.9  # else this compares nothing
    assert (table.overall.f1, table.overall.precision) == pytest.approx((theirs["f1"], theirs["precision"]))
    assert (table.overall.found, table.overall.total) == (theirs["found"], theirs["total"])
    assert table.by_kind == theirs["by_kind"]
    assert table.false_alarms == theirs["false_by"]
    assert [len(one.false_alarms) for one in agreements] == [one["false"] for one in theirs["clips"].values()]


def scorer(bench: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("evaluate", bench / "segmentation" / "evaluate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# -- intervals --------------------------------------------------------------------------------------------------------


def scored(found: int, missed: int, false: int) -> Agreement:
    edits = tuple(Edit(number, number, "cut") for number in range(max(found, missed)))
    return Agreement("a", edits[:found], edits[:missed], (FalseAlarm(0, 0, "pan"),) * false)


def test_clips_that_agree_leave_no_doubt() -> None:
    interval = f1_interval([scored(8, 2, 2)] * 6)
    assert (interval.low, interval.high) == pytest.approx((0.8, 0.8))
    empty = f1_interval([scored(0, 0, 0)] * 3)
    assert (empty.low, empty.high) == (1.0, 1.0)
    assert f1_interval([]) == empty


def test_clips_that_differ_leave_doubt_and_fewer_leave_more() -> None:
    mixed = [scored(10, 0, 0), scored(5, 5, 5)]
    few, many = f1_interval(mixed * 3), f1_interval(mixed * 30)
    whole = tally(mixed).overall.f1
    assert few.low < many.low < whole < many.high < few.high
    assert few == f1_interval(mixed * 3)


def test_the_interval_is_that_of_drawn_clips() -> None:
    """Two clips, one perfect and one hopeless: a quarter of the draws are all of either."""
    interval = f1_interval([scored(4, 0, 0), scored(0, 4, 0)])
    assert (interval.low, interval.high) == (0.0, 1.0)
