"""Lines of speech gathered into spans: all that is not described is covered, and cut only where lines are."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.store.cue_groups import LONGEST_US, PAUSE_US, SHORTEST_US, Span, group_lines, uncovered

SECOND = 1_000_000


def spans(last: int) -> st.SearchStrategy[list[Span]]:
    """In order of their start."""
    one = st.tuples(st.integers(0, last), st.integers(1, 45)).map(lambda s: (s[0] * SECOND, (s[0] + s[1]) * SECOND))
    return st.lists(one, max_size=12).map(sorted)


@given(spans(200), spans(200))
def test_groups(lines: list[Span], described: list[Span]) -> None:
    groups = group_lines(lines, described)
    left = [
        line
        for line in lines
        if not any(line[0] < end and start < line[1] for start, end in described)  # type: ignore[operator]
    ]
    assert list(uncovered(lines, described)) == left
    starts, ends = {start for start, _ in left}, {end for _, end in left}
    assert all(start in starts and end in ends for start, end in groups)
    for line in left:
        assert any(start <= line[0] and line[1] <= end for start, end in groups), line  # type: ignore[operator]
    for group in groups:
        assert group[1] is not None
        assert group[1] - group[0] <= LONGEST_US or group in left


def test_they_go_on_for_ten_seconds_and_end_at_a_pause() -> None:
    lines: list[Span] = [(n * 4 * SECOND, (n + 1) * 4 * SECOND) for n in range(6)]
    after = 24 * SECOND + PAUSE_US
    assert group_lines([*lines, (after, after + SECOND)], []) == [
        (0, 12 * SECOND),
        (12 * SECOND, 24 * SECOND),
        (after, after + SECOND),
    ]
    assert 12 * SECOND >= SHORTEST_US


def test_what_has_no_end_stands_for_itself() -> None:
    assert group_lines([(0, SECOND), (SECOND, None)], []) == [(0, SECOND), (SECOND, None)]
    assert group_lines([(0, None)], [(5 * SECOND, 6 * SECOND)]) == []
