"""An index of words in its file: what was saved is loaded, what is no such file is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import LibraryError
from indexer.word_index import WordIndex, build, load, save

TEXTS = [(3, "a man wave über"), (9, "東京 bt 0431 ‖ bt0431"), (4, ""), (70_000_000_000, "a a a")]
HEADER = 56  # bytes


@pytest.fixture
def path(tmp_path: Path) -> Path:
    save(build(TEXTS), tmp_path / "words")
    return tmp_path / "words"


def parts(index: WordIndex) -> list[object]:
    vocabulary = index.vocabulary
    arrays = (index.documents, index.starts, index.positions, index.impacts, vocabulary.letters, vocabulary.borders)
    return [index.mean_length, *((array.dtype, array.tolist()) for array in arrays)]


@given(st.dictionaries(st.integers(0, 2**40), st.lists(st.text("abü京", min_size=1), max_size=5).map(" ".join)))
def test_what_was_saved_is_loaded(tmp_path_factory: pytest.TempPathFactory, texts: dict[int, str]) -> None:
    path = tmp_path_factory.mktemp("saved") / "words"
    index = build(texts.items())
    save(index, path)
    assert parts(load(path)) == parts(index)


def test_a_loaded_index_answers_when_its_file_is_deleted(path: Path) -> None:
    index = load(path)
    path.unlink()
    found = index.match({"a": 1.0}, limit=9, allowed=None)
    assert [row for row, _ in found] == [70_000_000_000, 3]
    assert [index.frequency(stem) for stem in ("東京", "über", "none")] == [1, 1, 0]


def test_arrays_lie_where_processors_can_read_them(path: Path) -> None:
    index = load(path)
    arrays = (index.documents, index.starts, index.vocabulary.borders, index.positions, index.impacts)
    assert all(array.flags.aligned for array in arrays)


def test_an_index_cannot_be_changed(path: Path) -> None:
    with pytest.raises(ValueError, match="read-only"):
        load(path).impacts[0] = 1


def test_a_file_cut_short_anywhere_is_refused(path: Path) -> None:
    content = path.read_bytes()
    for length in range(len(content)):
        path.write_bytes(content[:length])
        with pytest.raises(LibraryError, match="shotlist reindex"):
            load(path)


@pytest.mark.parametrize("content", [b"", b"words", b"PK\3\4" * 100, bytes(4096)])
def test_another_file_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(LibraryError, match="shotlist reindex"):
        load(path)


def test_a_file_that_is_not_there_is_refused(path: Path) -> None:
    with pytest.raises(LibraryError, match="shotlist reindex"):
        load(path.with_name("gone"))


def test_a_file_that_goes_on_is_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(LibraryError, match="longer"):
        load(path)


@pytest.mark.parametrize("at", [0, 15, *range(24, HEADER)])
@given(bits=st.integers(1, 255))
def test_damage_to_the_kind_or_a_count_is_noticed(tmp_path_factory: pytest.TempPathFactory, at: int, bits: int) -> None:
    path = tmp_path_factory.mktemp("damaged") / "words"
    save(build(TEXTS), path)
    content = bytearray(path.read_bytes())
    content[at] ^= bits
    path.write_bytes(content)
    with pytest.raises(LibraryError, match="shotlist reindex"):
        load(path)
