"""Who described the same, and which candidate stands against it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import UsageError
from indexer.evaluation.captions import Line, Reference, bare_name, gather, match
from indexer.evaluation.captions.lines import overlap
from indexer.timecode import TimeRange

ranges = st.tuples(st.integers(0, 50), st.integers(1, 50)).map(lambda pair: TimeRange(pair[0], pair[0] + pair[1]))


def event(video: str, start: int, end: int, text: str = "x") -> Line:
    return Line(video, text, TimeRange(start, end))


def told(references: tuple[Reference, ...]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.title, one.captions) for one in references]


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("a/b/video7.mp4", "video7"),
        ("C:\\films\\x.MOV", "x"),
        ("-4wsuPCjDBc_5_15", "-4wsuPCjDBc_5_15"),
        ("Bridge v2.1", "Bridge v2.1"),
        ("7", "7"),
    ],
)
def test_names_are_compared_without_folder_and_extension(name: str, bare: str) -> None:
    assert bare_name(name) == bare


@given(ranges, ranges)
def test_overlap_is_what_counting_says(one: TimeRange, other: TimeRange) -> None:
    a, b = set(range(one.start_us, one.end_us)), set(range(other.start_us, other.end_us))
    assert overlap(one, other) == pytest.approx(len(a & b) / len(a | b))


def test_captions_of_a_video_belong_together_and_empty_ones_to_nobody() -> None:
    first = [Line("a", "one"), Line("b", "two"), Line("a", "three"), Line("a", ""), Line("c", "")]
    assert told(gather([first, [Line("b", "four")]])) == [("a", ("one", "three")), ("b", ("two", "four"))]


def test_people_who_marked_stretches_apart_described_the_same_where_half_is_in_common() -> None:
    first = [event("a", 0, 2_000_000, "one"), event("a", 1_000_000, 3_000_000, "two")]
    second = [event("a", 0, 1_000_000, "half"), event("a", 0, 900_000, "less"), event("b", 0, 2_000_000, "other")]
    assert told(gather([first, second])) == [
        ("a 0-2 s", ("one", "half")),
        ("a 1-3 s", ("two",)),
        ("a 0-0.9 s", ("less",)),
        ("b 0-2 s", ("other",)),
    ]


def test_a_candidate_is_found_by_any_name_of_its_video_and_the_rest_is_told() -> None:
    references = gather([[Line("COCO_7", "r", also=("7",)), Line("b", "r"), Line("c", "r")]])
    found = match(references, [Line("7", "seven"), Line("films/b.mp4", "bee"), Line("d.mp4", "d"), Line("d.mp4", "e")])
    assert [(one.video, text) for one, text in found.pairs] == [("COCO_7", "seven"), ("b", "bee")]
    assert (found.missing, found.unused) == (("c",), ("d.mp4",))


def test_stretches_take_what_overlaps_them_most_and_whole_videos_the_longest() -> None:
    references = gather([[event("a", 0, 10), event("a", 8, 20), event("a", 50, 60), Line("a", "whole")]])
    candidates = [event("a", 0, 7, "early"), event("a", 7, 30, "late")]
    found = match(references, candidates)
    assert [text for _, text in found.pairs] == ["early", "late", "late"]
    assert found.missing == (references[2].title,)


def test_a_candidate_without_times_says_nothing_of_a_stretch() -> None:
    assert match(gather([[event("a", 0, 10)]]), [Line("a", "whole")]).pairs == ()


def test_two_candidates_for_a_whole_video_are_refused() -> None:
    with pytest.raises(UsageError, match="a has 2 candidates; give one caption a video"):
        match(gather([[Line("a", "r")]]), [Line("a", "one"), Line("a.mp4", "two")])
