"""The words about results."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.domain import Evidence
from search_ui import address
from search_ui.wording import (
    counts,
    filter_words,
    listed,
    literal,
    ordinal,
    plural,
    reasons,
    split_at_spans,
    split_at_words,
)
from tests.fakes.one_hit import HIT


@given(st.text(), st.lists(st.text(min_size=1), max_size=4))
def test_the_pieces_are_the_text(text: str, words: list[str]) -> None:
    assert "".join(piece for piece, _ in split_at_words(text, words)) == text


@given(st.text(alphabet="ab .", min_size=1), st.lists(st.text(alphabet="ab", min_size=1), max_size=3))
def test_only_the_words_are_marked(text: str, words: list[str]) -> None:
    assert all(piece in words for piece, marked in split_at_words(text, words) if marked)


def test_marking_keeps_to_whole_words() -> None:
    assert split_at_words("car, carpet and oscar", ["car"]) == [("car", True), (", carpet and oscar", False)]


def test_the_longer_of_two_words_is_marked() -> None:
    assert split_at_words("close-up", ["close", "close-up"]) == [("close-up", True)]


@given(st.text(), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=5))
def test_the_pieces_at_spans_are_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    pieces = split_at_spans(text, spans)
    assert "".join(piece for piece, _ in pieces) == text
    inside = {place for start, end in spans for place in range(start, min(end, len(text)))}
    assert sum(len(piece) for piece, marked in pieces if marked) == len(inside)


def test_filters_in_words() -> None:
    typed = ["camera:pan", 'camera:"pan left"', "-light:dark", "screen_text:x", "after:2024-01", "12"]
    assert [filter_words(one) for one in typed] == [
        *("camera: pan", "camera: pan left", "not light: dark", "screen text: x", "after: 2024-01", "12"),
    ]


def test_each_signal_is_a_reason() -> None:
    assert reasons(
        [
            Evidence("words", 2, "caption", ("camera", "left")),
            Evidence("name", 1, "file_name", ("harbour",)),
            Evidence("name", 1, "tape_number", ("B12",)),
            Evidence("spelling", 1, "title"),
            Evidence("meaning", 3, "caption"),
            Evidence("meaning", None, "caption"),
            Evidence("meaning", 1, "caption", strength="strong"),
            Evidence("picture", 2, "picture", strength="fair"),
            Evidence("facet", None, "camera", ("pan left",)),
            Evidence("words", 1, "screen_text", ("EXIT",)),
        ]
    ) == [
        "camera, left in the caption",
        "harbour in the file name",
        "B12 in the tape number",
        "EXIT in the picture's text",
        "spelt nearly like the title",
        "near in meaning (3rd)",
        "near in meaning",
        "strong in meaning (1st)",
        "fair in the picture (2nd)",
        "camera: pan left",
    ]


def test_fields_with_the_same_words_are_one_reason() -> None:
    evidence = [
        Evidence("words", 1, "description", ("mayor",)),
        Evidence("name", 1, "title", ("Mayor",)),
        Evidence("name", 1, "people", ("Mayor", "Nowak")),
        Evidence("words", 1, "tags", ("mayor",)),
    ]
    assert reasons(evidence) == ["mayor in the description, title and tags", "Mayor, Nowak in the people"]


def test_a_file_name_that_only_repeats_the_title_is_no_reason() -> None:
    title, file_name = Evidence("name", 1, "title", ("Harbour",)), Evidence("name", 1, "file_name", ("harbour",))
    assert reasons([title, file_name]) == ["Harbour in the title"]


def test_weak_nearness_is_no_reason_beside_a_name() -> None:
    evidence = [Evidence("name", 1, "title", ("Harbour",)), Evidence("meaning", 9, "caption", strength="weak")]
    assert reasons(evidence, strength="strong") == ["Harbour in the title"]
    assert reasons(evidence, strength="weak") == ["Harbour in the title", "weak in meaning (9th)"]


def test_ordinals() -> None:
    assert [ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th"),
    ]


def test_how_much_was_found() -> None:
    assert counts([HIT, HIT]) == "2 moments in 1 video"
    assert counts([HIT], of="videos") == "1 video"


def test_plurals_and_lists() -> None:
    assert (plural(1, "moment"), plural(0, "moment"), plural(1234, "moment")) == (
        "1 moment",
        "0 moments",
        "1,234 moments",
    )
    assert (listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])) == ("“a”", "“a” and “b”", "“a”, “b” and “c”")


def test_markdown_is_taken_at_its_word() -> None:
    assert literal("*a* [b](c) :red[d]\n# e") == r"\*a\* \[b\]\(c\) \:red\[d\] \# e"


@given(st.integers(min_value=0, max_value=10**12))
def test_the_seconds_of_a_link_are_exact(t_us: int) -> None:
    assert round(float(address.seconds(t_us)) * 1_000_000) == t_us


def test_the_seconds_of_a_link_are_short() -> None:
    assert [address.seconds(t_us) for t_us in (0, 4_000_000, 12_500_000, 10, 100_000_000)] == [
        *("0", "4", "12.5", "0.00001", "100"),
    ]
