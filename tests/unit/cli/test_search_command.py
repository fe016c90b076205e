"""`shotlist search` and `shotlist similar`: what is printed for people, and the answers to a batch."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.cli import shotlist
from indexer.cli.search_batch import in_order, read_query
from indexer.cli.search_options import Listed
from indexer.cli.show_hits import marked, show_result, why
from indexer.domain import Correction, Evidence, Hit, SearchResult
from indexer.errors import LibraryError, UsageError
from indexer.search.query import remark_on
from tests.fakes.library import FakeLibrary, fake_library
from tests.fakes.one_hit import HIT

Show = Callable[..., tuple[list[str], str]]
PLAIN = Listed(None, None, None)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> FakeLibrary:
    return fake_library(tmp_path_factory.mktemp("shown"))


@pytest.fixture
def shown(library: FakeLibrary, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Show:
    """Print a result at a width of so many columns -> its lines on stdout, and what is said on stderr."""

    def show(result: SearchResult, *, columns: int = 80, weaker: bool = False) -> tuple[list[str], str]:
        monkeypatch.setenv("COLUMNS", str(columns))
        show_result(result, library, asked="a boat", weaker=weaker)  # type: ignore[arg-type]  # it only reads
        printed = capsys.readouterr()
        return printed.out.splitlines(), printed.err

    return show


def result(hits: Sequence[Hit], **fields: object) -> SearchResult:
    told = {"strength": "strong", "unknown_words": (), "read_as": "a boat"} | fields
    return SearchResult(tuple(hits), **told)  # type: ignore[arg-type]


def run(*arguments: object, typed: str | None = None) -> Result:
    return CliRunner().invoke(shotlist, [*map(str, arguments)], standalone_mode=False, input=typed)


def test_a_moment_has_its_in_and_out_point_in_source_timecode(shown: Show, library: FakeLibrary) -> None:
    lines, said = shown(result([replace(library.moments[1], strength="fair")]))
    assert lines[0].split()[:4] == ["1", "10:00:04:00", "Harbour", "morning"]
    assert lines[1].split()[0] == "10:00:08:00"
    assert lines[2].split()[:2] == ["4.0", "s"]
    assert said == ""


@pytest.mark.parametrize("columns", [80, 200])
def test_lines_keep_to_the_terminal_and_carry_no_colours_into_a_pipe(
    shown: Show, library: FakeLibrary, columns: int
) -> None:
    long = replace(library.moments[0], text="a boat and another boat " * 40, title="x" * 300)
    lines, _ = shown(result([long]), columns=columns)
    assert max(map(len, lines)) <= columns
    assert "\x1b" not in "".join(lines)


def test_texts_give_a_terminal_no_orders(shown: Show, library: FakeLibrary) -> None:
    evil = replace(
        library.moments[0],
        text="a \x1b[31mred\x07 boat",
        title="\x1b]0;x\x07",
        identifier="\x1b[2J",
        evidence=(
            Evidence("name", 1, "note\x1b[1m", ("\x1b[5m",)),
            Evidence("words", 1, "transcript", ("\x1b[5m",), ((0, 4),), "said \x1b[0m"),
        ),
    )
    lines, said = shown(result([evil], read_as="\x1b[31m", unknown_words=("\x1b[2J",)))
    assert "\x1b" not in "".join(lines) + said
    assert "\x07" not in "".join(lines) + said


def test_weaker_matches_are_folded_until_asked_for(shown: Show, library: FakeLibrary) -> None:
    strong, *weak = library.moments[:3]
    some = [replace(strong, strength="strong"), *(replace(hit, strength="weak") for hit in weak)]
    lines, said = shown(result(some))
    assert "2 weaker matches; --all shows them" in said
    assert "10:00:04:00" not in {word for line in lines for word in line.split() if line.split()[0] == "2"}
    lines, said = shown(result(some), weaker=True)
    assert "weaker" not in said
    assert [line.split()[0] for line in lines if line[:1].isdigit()] == ["1", "2", "3"]


def test_nothing_matches_names_the_unknown_words_and_offers_the_nearest(shown: Show, library: FakeLibrary) -> None:
    lines, said = shown(result(library.moments, strength="none", unknown_words=("BT-9999", "camera:dolly")))
    assert "Nothing in this library matches 'a boat': no 'BT-9999', no camera:dolly in this library." in said
    assert "The nearest:" in said
    assert [line.split()[0] for line in lines if line[:1].isdigit()] == ["1", "2", "3"]


def test_a_corrected_query_is_said(shown: Show, library: FakeLibrary) -> None:
    _, said = shown(result(library.moments[:1], read_as="a bosun", corrections=(Correction("bosum", "bosun"),)))
    assert 'Searching for: a bosun   (quote "bosum" to search for that)' in said


def test_what_was_understood_is_said_where_it_is_not_what_was_typed(shown: Show, library: FakeLibrary) -> None:
    assert "Read as: 1987-04-12" in shown(result(library.moments[:1], read_as="1987-04-12"))[1]
    assert "Read as" not in shown(result(library.moments[:1], read_as="A  boat"))[1]


def test_steps_repeats_and_more(shown: Show, library: FakeLibrary) -> None:
    one, two, three = library.moments[:3]
    sequence = replace(one, end_us=three.end_us, steps=(one, three), segments=(one.segment, three.segment))
    folded = replace(two, repeats=(library.moments[3],), more=4, segments=(two.segment, three.segment))
    lines, _ = shown(result([sequence, folded]), columns=120)
    text = " ".join(" ".join(lines).split())
    assert "10:00:00:00 - 10:00:04:00 A red boat" in text
    assert "then 10:00:08:00 - 10:00:12:00 Gulls" in text
    assert "2 shots; also in Town hall 00:00:00:00; 4 more in this video" in text


def test_why() -> None:
    evidence = (
        Evidence("words", 1, "caption", ("red", "boat")),
        Evidence("name", 1, "file_name", ("harbour",)),
        Evidence("meaning", 2, "caption", strength="strong"),
        Evidence("picture", None, "picture", strength="fair"),
        Evidence("spelling", 1, "title"),
    )
    assert why(replace(HIT, evidence=evidence)) == (
        "caption: red, boat; file name: harbour; strong in meaning (2nd); fair in the picture; "
        "spelt much like its title"
    )


def test_spans_are_what_is_bold() -> None:
    text = marked("a boat, boating", [Evidence("words", 1, "caption", ("boat",), ((2, 6),))])
    assert [(span.start, span.end) for span in text.spans] == [(2, 6)]


def test_what_makes_no_sense(tmp_path: Path) -> None:
    queries = tmp_path / "queries.jsonl"
    queries.write_text('{"query": "a"}\n')
    for arguments, told in (
        (("search",), "give one query"),
        (("search", "boats", "--batch", queries), "give one query"),
        (("search", "--batch", queries), "add --json"),
        (("similar",), "give the id of a segment"),
        (("similar", "s1", "--picture", queries), "give the id of a segment"),
        (("search", "boats", "--after", "soon"), "--after takes a date"),
        (("search", "boats", "--facet", "camera"), "--facet takes NAME=VALUE"),
    ):
        error = run(*arguments, "--library", tmp_path / "none").exception
        assert isinstance(error, UsageError), (arguments, error)
        assert told in str(error)
    assert isinstance(run("search", "boats", "--library", tmp_path / "none").exception, LibraryError)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nonsense", "no JSON"),
        ("[]", 'a text "query"'),
        ('{"id": 1}', 'a text "query"'),
        ('{"query": 5}', 'a text "query"'),
        ('{"query": "a", "limit": 0}', '"limit" is a whole number from 1 to 1000'),
        ('{"query": "a", "limit": true}', '"limit" is a whole number'),
        ('{"query": "a", "by": "shots"}', '"by" is one of'),
        ('{"query": "a", "by": []}', '"by" is one of'),
    ],
)
def test_bad_lines_say_why(line: str, told: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_query(line, listed=PLAIN)
    assert told in str(raised.value)


def test_a_query_of_a_batch() -> None:
    asked = read_query('{"id": [1], "query": "a", "limit": 3, "by": "videos", "more": "fields"}', listed=PLAIN)
    assert (asked.id, asked.query, asked.limit, asked.by) == ([1], "a", 3, "videos")
    usual = read_query('{"query": ""}', listed=PLAIN)
    assert (usual.id, usual.limit, usual.by) == (None, 100, "segments")
    given = read_query('{"query": ""}', listed=Listed(7, "moments", None))
    assert (given.limit, given.by) == (7, "moments")


def test_answers_come_in_order_and_before_the_next_is_asked() -> None:
    """A program that waits for each answer before it asks again is not kept waiting."""
    asked: list[int] = []
    answers: list[str] = []

    def questions() -> Iterator[tuple[int, str]]:
        for number in range(100):
            if number == 50:
                while len(answers) < 50:
                    pass
            asked.append(number)
            yield number, str(number)

    for answer in in_order(lambda number, text: f"{number} {text}", questions()):
        answers.append(answer)
    assert answers == [f"{number} {number}" for number in range(100)]


def test_what_fails_in_a_batch_is_not_swallowed() -> None:
    def fail(number: int, _text: str) -> str:
        raise ZeroDivisionError(number)

    with pytest.raises(ZeroDivisionError):
        list(in_order(fail, [(1, "a")]))

    def broken() -> Iterator[tuple[int, str]]:
        yield 1, "a"
        raise OSError("the pipe broke")

    with pytest.raises(OSError, match="the pipe broke"):
        list(in_order(lambda number, text: text, broken()))


def test_remarks_and_echoes_are_short(library: FakeLibrary, capsys: pytest.CaptureFixture[str]) -> None:
    long = "su* after:x y\n" * 10_000
    remarks = remark_on(long)
    none = result([], strength="none", read_as=long, unknown_words=("x" * 5000, "su"), remarks=remarks)
    show_result(none, library, asked=long, weaker=False)  # type: ignore[arg-type]
    said = capsys.readouterr().err
    assert len(said) < 1000
    assert all(f"{remark}\n" in said for remark in remarks)
    assert "no 'su'" not in said


def test_where_nothing_is_asked_it_says_what_to_type(shown: Show) -> None:
    _, said = shown(result([], strength="none", read_as=""))
    assert said == "Type a word or a filter; there is none to search for.\n"


def test_why_filters_find_nothing_is_said(shown: Show) -> None:
    told = {"remarks": ("No file here lies in a folder called “x”.",), "unmet_filters": ("in:x",), "strength": "none"}
    assert shown(result([], read_as="", **told))[1] == "No file here lies in a folder called “x”.\n"
    said = shown(result([], read_as="a boat in:x", **told))[1].splitlines()
    assert said == [told["remarks"][0], "Read as: a boat in:x", "Nothing in this library matches 'a boat'."]


def test_an_order_of_filters_is_not_told_back(shown: Show, library: FakeLibrary) -> None:
    assert "Read as" not in shown(result(library.moments[:1], read_as="boat a"))[1]


def test_weak_nearness_is_no_reason_beside_words() -> None:
    evidence = (Evidence("name", 1, "identifier", ("A-1",)), Evidence("meaning", 17, "caption", strength="weak"))
    assert why(replace(HIT, strength="strong", evidence=evidence)) == "identifier: A-1"
    assert "weak in meaning (17th)" in why(replace(HIT, strength="weak", evidence=evidence))
    lying_far = (Evidence("meaning", 17, "caption", strength="none"),)
    assert why(replace(HIT, strength="none", evidence=lying_far)) == "far in meaning (17th)"


def test_each_step_has_its_reason(shown: Show, library: FakeLibrary) -> None:
    first, second = (
        replace(moment, evidence=(Evidence("words", 1, "caption", (word,)),))
        for moment, word in zip(library.moments[:2], ("red", "gulls"), strict=True)
    )
    lines, _ = shown(result([replace(first, steps=(first, second))]), columns=120)
    told = [line.strip() for line in lines]
    assert [sum(reason in line for line in told) for reason in ("caption: red", "caption: gulls")] == [1, 1]


def test_filters_alone_are_the_reason(shown: Show, library: FakeLibrary) -> None:
    bare = replace(library.moments[0], evidence=())
    lines, _ = shown(result([bare], read_as="in:tapes after:1987", typed_filters=("in:tapes", "after:1987")))
    assert any("in:tapes after:1987" in line for line in lines)


def test_a_query_may_begin_with_a_dash_and_a_wrong_option_is_still_told(tmp_path: Path) -> None:
    for query in ("-mayor people", "-hat", '-"on the sea" boats'):
        assert isinstance(run("search", query, "--library", tmp_path / "none").exception, LibraryError), query
    assert "Usage:" in run("search", "-h").output
    assert "no option --limti" in str(run("search", "--limti", "--library", tmp_path / "none").exception)
    assert run("search", "boats", "--limti", "3", "--library", tmp_path / "none").exit_code != 0
    told = run("search", "boats", "--all", "--json", "--library", tmp_path / "none").exception
    assert "leave --all out" in str(told)


def test_a_batch_that_is_left_early_leaves_no_thread() -> None:
    answers = in_order(lambda number, text: text, ((number, "a") for number in range(100_000)))
    assert next(answers) == "a"
    answers.close()
    for thread in threading.enumerate():
        if thread.name == "queries":
            thread.join(5)
            assert not thread.is_alive()
