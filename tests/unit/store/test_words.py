"""The analyser: never raises, spans that can be highlighted, and identifiers that find each other."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.store import words

letters = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=4)
digits = st.text("0123456789", min_size=2, max_size=6)
spellings = st.sampled_from(["{0}-{1}", "{0}_{1}", "{0}.{1}", "{0}/{1}", "{0}{1}", "{0} {1}"])


def stems(text: str) -> list[str]:
    return [token.stem for token in words.tokens(text)]


@given(st.text())
def test_any_text_can_be_analysed(text: str) -> None:
    end_before = 0
    for token in words.tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.start >= end_before - 1  # one character can make two words: ½ is 1 and 2
        end_before = token.end
        assert token.word in words.fold(text[token.start : token.end])
        assert words.is_token(token.stem)
    assert all(words.is_token(one) or one == words.BREAK for one in words.index_text(text).split(" ") if one)
    assert all(words.is_token(one) for one in words.identifier_tokens(text))
    assert all(words.is_token(one) for one in words.trigrams(text))


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert words.fold(words.fold(text)) == words.fold(text)


@given(st.text())
def test_what_is_indexed_has_the_stems_in_their_order(text: str) -> None:
    assert words.index_text(text).split()[: len(stems(text))] == stems(text)


@given(st.text())
def test_case_makes_no_difference_to_ascii(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    assert words.index_text(plain.upper()) == words.index_text(plain.lower())


@given(letters, digits, spellings, spellings)
def test_all_spellings_of_an_identifier_find_each_other(name: str, number: str, stored: str, asked: str) -> None:
    if name in words.STOP_WORDS and "{0} {1}" in (stored, asked):
        return  # `in 1987` is no identifier
    indexed = set(words.index_text(f"tape {stored.format(name.upper(), number)}, second take").split(" "))
    assert set(stems(asked.format(name, number))) <= indexed


@given(letters, digits)
def test_identifiers_are_found_by_their_parts_and_whole(name: str, number: str) -> None:
    joined, parted = words.index_text(f"{name}{number}").split(" "), words.index_text(f"{name}-{number}").split(" ")
    assert {stems(name)[0], number, f"{name}{number}"} <= set(joined)
    assert {stems(name)[0], number, f"{name}{number}"} <= set(parted)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Łukasz", "lukasz"),
        ("Søren", "soren"),
        ("ışık", "isik"),
        ("Đorđe", "dorde"),
        ("Straße", "strasse"),
        ("Ægir", "aegir"),
        ("ŒUVRE", "oeuvre"),
        ("naïve", "naive"),
        ("İstanbul", "istanbul"),
        ("ﬁlm", "film"),
        ("e\u0301cole", "ecole"),
    ],
)
def test_letters_of_their_own_are_folded(typed: str, plain: str) -> None:
    assert [token.word for token in words.tokens(typed)] == [plain]


def test_spans_point_into_the_text_as_it_was_typed() -> None:
    text = "A Ł\u0301ukasz, running"
    assert [text[token.start : token.end] for token in words.tokens(text)] == ["A", "Ł\u0301ukasz", "running"]


def test_words_are_stemmed_and_what_is_short_or_holds_digits_is_not() -> None:
    assert stems("running dogs as is 1990s mp3s") == ["run", "dog", "as", "is", "1990s", "mp3s"]


def test_no_phrase_runs_from_the_words_into_the_identifier_forms() -> None:
    assert words.index_text("reel BT-0431 roll") == f"reel bt 0431 roll {words.BREAK} bt0431"


@pytest.mark.parametrize("word", ["x" * 5000, "7" * 5000, "ab-" + "7" * 5000, "Ł9" * 5000])
def test_a_word_may_be_as_long_as_one_likes_and_is_found(word: str) -> None:
    indexed = words.index_text(word).split()
    assert set(stems(word)) <= set(indexed)
    assert max(map(len, [*indexed, *words.surface_words(word).split()])) <= 250


def test_prose_gets_no_identifier_forms() -> None:
    assert words.identifier_tokens("A well-known man waits for 41 people, in 1987 of 2024.") == []


def test_trigrams_show_a_slip_of_the_pen() -> None:
    typed, meant = set(words.trigrams("jonh smith")), set(words.trigrams("John Smith"))
    assert len(typed & meant) >= len(typed) // 2


def test_stop_words_are_folded_words() -> None:
    assert 55 <= len(words.STOP_WORDS) <= 70
    assert all([token.word for token in words.tokens(word)] == [word] for word in words.STOP_WORDS)


def test_threads_do_not_disturb_each_other() -> None:
    text = "running horses galloping over frozen meadows"
    expected = stems(text)
    seen: list[bool] = []

    def analyse() -> None:
        seen.extend(stems(text) == expected for _ in range(300))

    threads = [threading.Thread(target=analyse) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [True] * 1200
