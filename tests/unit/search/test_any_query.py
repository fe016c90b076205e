"""Nothing that is typed raises, or reaches SQL or full text as anything but words: asked of a real little library."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from indexer.domain import SearchResult
from indexer.library import Library
from indexer.store import open_database
from tests.fakes.small_library import SmallLibrary, small_library

NASTY = (
    "'; DROP TABLE segment; --",
    '" OR 1=1 --',
    'boat" NEAR(harbour) "',
    "tokens:boat AND rowid:1",
    "boat* ^harbour {a b} + -",
    '-"boat" -a -"',
    "%_\\ \\' ' \" `",
    ":*'&|!<->",
    "sun* sun'* 'boat':* boat:*",
    'camera:"\'); --" reel:R1 reel:% -reel:_ in:"%" in:\' after:0000 longer:1e9',
    'faces:999999+ tag:"a\'b" has:speech by:human OR boat THEN within 0s -boat',
    "boat\0 \ud800 \udfff harbour",
    "BT-0431 bt_0431 12 April 1987 1987-04* 19870412*",
    "(" * 500,
    "a OR " * 50,
    "boat " * 3000,
    "“boat” ‘boat’ ＂boat＂ ½½½* İ* ﬁ*",
)
PIECES = [
    "boat",
    "harbour",
    '"',
    "'",
    "-",
    "*",
    ":",
    "(",
    ")",
    "^",
    "%",
    "_",
    "\\",
    ";",
    "--",
    "\0",
    "ł",
    "OR",
    "THEN",
    " ",
    " ",
]
PIECES += [
    "reel:",
    "camera:",
    "in:",
    "after:",
    "1987",
    "April",
    "sun",
    "NEAR",
    "{",
    "}",
    "+",
    "\ud800",
    "has:speech",
    "R1",
]


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallLibrary]:
    library = small_library(tmp_path_factory.mktemp("library"))
    yield library
    library.database.close()


def search(library: SmallLibrary, typed: str) -> SearchResult:
    """What is found; what was understood finds the same."""
    reader = Library(library.folder, library.database, lambda: library.embedder, lambda: library.database)
    result = reader.search(typed)
    again = reader.search(result.read_as)
    assert [hit.segment for hit in again.hits] == [hit.segment for hit in result.hits]
    assert again.read_as == result.read_as
    return result


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(st.text(st.characters(codec=None), max_size=80), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_any_text_can_be_searched_for(sqlite: SmallLibrary, typed: str) -> None:
    search(sqlite, typed)


@pytest.mark.parametrize("typed", NASTY, ids=range(len(NASTY)))
def test_nasty_texts_on_sqlite(sqlite: SmallLibrary, typed: str) -> None:
    search(sqlite, typed)


@pytest.mark.postgres
def test_nasty_texts_on_postgres(tmp_path: Path, postgres_url: str) -> None:
    library = small_library(tmp_path, postgres_url)
    for typed in NASTY:
        search(library, typed)
    with library.database.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM segment")).scalar_one() == 5
    library.database.close()
    open_database(postgres_url, purpose="read").close()


def test_filters_that_are_typed_filter(sqlite: SmallLibrary) -> None:
    assert {hit.title for hit in search(sqlite, "reel:r1").hits} == {"Harbour", "Station"}
    assert [hit.text for hit in search(sqlite, '"red boat" reel:R1').hits] == ["a red boat crosses the harbour"]
    nothing = search(sqlite, "boat reel:R2")
    assert (nothing.hits, nothing.strength, nothing.unmet_filters) == ((), "none", ("reel:R2",))
