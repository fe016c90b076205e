"""The guards of the correction, each with a case it must stop."""

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from indexer.search import parse
from indexer.search.query import Question
from indexer.search.spelling import correct, correct_question, neighbours

LIBRARY = {"harbour": 5, "sunset": 9, "train": 4, "trains": 1, "april": 2}


def known(words: Sequence[str]) -> Mapping[str, int]:
    return {word: LIBRARY[word] for word in words if word in LIBRARY}


def always(word: str) -> bool:
    return True


def test_a_typo_is_read_as_its_commonest_neighbour() -> None:
    assert correct(["harbuor", "sunst", "trian"], known=known, splits=always) == {
        "harbuor": "harbour",
        "sunst": "sunset",
        "trian": "train",
    }


def test_the_guards() -> None:
    assert correct(["sunset"], known=known, splits=always) == {}, "known words stay"
    assert correct(["tran"], known=known, splits=lambda word: False) == {}, "words the encoder knows stay"
    assert correct(["tra", "bt0431", "tr4in"], known=known, splits=always) == {}, "short words and identifiers stay"
    assert correct(["xylophone"], known=known, splits=always) == {}, "words with no neighbour stay"


def corrected(typed: str) -> Question:
    [question] = parse(typed).questions
    return correct_question(question, known=known, splits=always)[0]


def test_only_plain_words_of_a_question_are_corrected() -> None:
    assert corrected('trian "sunste harbuor" harbuor') == Question(
        "train sunste harbuor harbour", phrases=("sunste harbuor",)
    )
    assert corrected("sunste trian* -harbuor") == Question("sunset", prefixes=("trian",), excluded=("harbuor",))
    assert corrected("trian-0431 harbuor.mp4 sunste") == Question("trian-0431 harbuor.mp4 sunset")
    assert corrected("on 12 Apirl 1987") == Question("on 1987-04-12")


def test_what_was_corrected_is_told_and_the_library_is_asked_twice() -> None:
    asked: list[int] = []

    def counted(words: Sequence[str]) -> Mapping[str, int]:
        asked.append(len(words))
        return known(words)

    [question] = parse("Harbuor trian lighthouse").questions
    read, corrections = correct_question(question, known=counted, splits=always)
    assert (read.text, corrections) == ("harbour train lighthouse", {"harbuor": "harbour", "trian": "train"})
    assert len(asked) == 2
    assert correct_question(read, known=known, splits=always) == (read, {})


@given(st.text("abcdefgh", min_size=1, max_size=8))
def test_neighbours_are_one_edit_away_and_never_the_word_itself(word: str) -> None:
    for other in neighbours(word):
        assert other != word
        assert abs(len(other) - len(word)) <= 1
