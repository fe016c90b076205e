"""Patterns of watched folders, held against a slow reading of the same rules."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.errors import UsageError
from indexer.media.finding.patterns import Choice, matches_any, require_sane

NAMES = st.text("aAbB.é\n\udcff", min_size=1, max_size=4).filter(lambda name: name not in (".", ".."))
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
PARTS = st.one_of(st.text("aAbB.*?é", min_size=1, max_size=4), st.sampled_from(["**", "*", "*.b", "[ab]*", "[!a]"]))
PATTERNS = st.tuples(
    st.sampled_from(["", "/"]),
    st.lists(PARTS.filter(lambda part: part not in (".", "..")), min_size=1, max_size=3).map("/".join),
    st.sampled_from(["", "/"]),
).map("".join)


def name_matches(name: str, pattern: str) -> bool:
    """By the dot of the pattern, what stands after it in any case: at every dot of the name."""
    stem, dot, ending = pattern.rpartition(".")
    if not dot or "]" in ending:
        return fnmatchcase(name, pattern)
    places = [place for place, sign in enumerate(name) if sign == "."]
    return any(
        fnmatchcase(name[:place], stem) and fnmatchcase(name[place + 1 :].lower(), ending.lower()) for place in places
    )


def parts_match(path: list[str], pattern: list[str]) -> bool:
    if not pattern:
        return not path
    if pattern[0] == "**":
        if len(pattern) == 1:
            return bool(path)
        return any(parts_match(path[skipped:], pattern[1:]) for skipped in range(len(path) + 1))
    return bool(path) and name_matches(path[0], pattern[0]) and parts_match(path[1:], pattern[1:])


def matches_slowly(path: str, pattern: str) -> bool:
    """The path, or a folder around it, by the rules as they are written."""
    parts, wanted = path.split("/"), pattern.strip("/").split("/")
    if "/" not in pattern.rstrip("/"):
        wanted = ["**", *wanted]
    longest = len(parts) - 1 if pattern.endswith("/") else len(parts)
    return any(parts_match(parts[:length], wanted) for length in range(1, longest + 1))


@given(PATHS, PATTERNS)
@example("a/b", "**/b")
@example("b", "**/b")
@example("a.B.b", "*.B")
@example("a", "**/")
def test_it_reads_as_the_rules_say(path: str, pattern: str) -> None:
    assert matches_any(path, [pattern]) == matches_slowly(path, pattern)


@pytest.mark.parametrize(
    ("pattern", "taken", "left"),
    [
        ("*.mov", ["a.mov", "x/A.MOV", "x.mov/a.txt"], ["a.mp4", "mov", "A.movie"]),
        ("proxies", ["proxies", "x/proxies/a/b.mov"], ["Proxies/a.mov", "proxies2/a.mov"]),
        ("proxies/", ["x/proxies/b.mov"], ["proxies", "x/proxies"]),
        ("/a.mov", ["a.mov"], ["x/a.mov"]),
        ("day 1/*.mxf", ["day 1/a.MXF"], ["x/day 1/a.mxf", "day 1/x/a.mxf"]),
        ("day 1/**/*.mxf", ["day 1/a.mxf", "day 1/x/y/a.mxf"], ["day 2/a.mxf"]),
        ("day 1/**", ["day 1/x/y"], ["day 1", "x/day 1/y"]),
        ("clip[0-9].*", ["clip3.mov"], ["clipA.mov", "clip33.mov"]),
        ("clip[!0-9].mov", ["clipA.mov"], ["clip3.mov"]),
        ("[[]a].mov", ["[a].mov"], ["a.mov"]),
        ("[a.b]c", [".c", "ac"], ["xc"]),
        ("a+b(1).mov", ["a+b(1).MOV"], ["aab1.mov"]),
        ("A001*", ["A001_C001.mov", "x/A001/b.mov"], ["a001.mov"]),
    ],
)
def test_examples(pattern: str, taken: list[str], left: list[str]) -> None:
    require_sane(pattern)
    assert [path for path in (*taken, *left) if matches_any(path, [pattern])] == taken


def test_a_choice_is_what_is_included_less_what_is_excluded() -> None:
    choice = Choice(include=("*.mov", "*.mxf"), exclude=("proxies/", "*_lo.mov"))
    paths = ["a.mov", "a.mp4", "proxies/a.mov", "x/b.MXF", "x/b_lo.mov"]
    assert [path for path in paths if choice.takes(path)] == ["a.mov", "x/b.MXF"]
    assert [folder for folder in ("x", "proxies", "x/proxies") if choice.enters(folder)] == ["x"]
    assert Choice().takes("anything")


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("", "needs a name"),
        ("/", "needs a name"),
        ("!*.mov", "--include"),
        ("../x", "watched folder"),
        ("./x", "watched folder"),
        ("a//b", "watched folder"),
        ("clip[0-9.mov", "not closed"),
        ("[]", "not closed"),
        ("[9-0]", "range"),
    ],
)
def test_what_makes_no_sense_is_refused(pattern: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        require_sane(pattern)
