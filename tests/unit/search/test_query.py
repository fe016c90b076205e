"""Every text parses, and the parsed form says what was understood."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.search import parse


def test_plain_words_rank() -> None:
    query = parse("a boat  crosses the harbour")
    assert query.text == "a boat crosses the harbour"
    assert [token.stem for token in query.content] == ["boat", "cross", "harbour"]
    assert (query.phrases, query.excluded) == ((), ())


def test_phrases_and_exclusions() -> None:
    query = parse('sunset "red boat" -night -"low tide"')
    assert query.text == "sunset red boat"
    assert query.phrases == ("red boat",)
    assert query.excluded == ("night", "low tide")
    assert query.read_as == 'sunset "red boat" -night -"low tide"'


def test_a_hyphen_inside_a_word_excludes_nothing() -> None:
    assert parse("BT-0431 hand-held").excluded == ()


def test_only_stop_words_are_looked_up_as_they_are() -> None:
    assert [token.word for token in parse("to be or not to be").content]


def test_typographic_quotes_are_quotes() -> None:
    assert parse("“red boat”").phrases == ("red boat",)


@given(st.text())
def test_anything_parses(typed: str) -> None:
    query = parse(typed)
    assert len({token.stem for token in query.content}) == len(query.content)
    assert "\x00" not in query.text


@given(st.text(st.sampled_from('ab -"()*:^ \x00'), max_size=40))
def test_what_was_read_reads_the_same_again(typed: str) -> None:
    query = parse(typed)
    assert parse(query.read_as).excluded == query.excluded
