"""The guards of the correction, each with a case it must stop."""

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from indexer.search.spelling import correct, neighbours

LIBRARY = {"harbour": 5, "sunset": 9, "train": 4, "trains": 1}


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


@given(st.text("abcdefgh", min_size=1, max_size=8))
def test_neighbours_are_one_edit_away_and_never_the_word_itself(word: str) -> None:
    for other in neighbours(word):
        assert other != word
        assert abs(len(other) - len(word)) <= 1
