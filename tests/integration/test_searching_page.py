"""Every example of docs/searching.md finds something among the sample footage."""

import re
import shutil
from pathlib import Path

import pytest

from indexer.bootstrap import open_ingester, open_library
from indexer.library import Library
from indexer.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = re.findall(r"^\| `([^`]+)` \|", (ROOT / "docs" / "searching.md").read_text(), re.M)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The sample footage as the demo has it."""
    root = tmp_path_factory.mktemp("samples")
    shutil.copytree(ROOT / "data" / "samples", root / "samples")
    settings = Settings(library=root / "library")
    ingester = open_ingester(settings, captioner=str(ROOT / "data" / "captioner"))
    ingester.add([root / "samples"], watch=lambda _progress: None)
    return open_library(settings)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 15


def test_every_example_finds_something(library: Library) -> None:
    told = {typed: library.search(typed) for typed in EXAMPLES}
    assert [typed for typed, result in told.items() if not result.hits or result.strength == "none"] == []


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("a turtle swims over corals", "Life on the coral reef"),
        ('"on open water"', "Harbour at sunset"),
        ("turtel", "Life on the coral reef"),
        ("Amara Osei", "Interview with Amara Osei, marine biologist"),
        ("WAREHOUSE7", "Warehouse 7, goods in"),
        ("21 June 2024", "Harbour at sunset"),
        ("a sailboat THEN a beacon", "Harbour at sunset"),
        ("a goal THEN within 30s fans celebrate", "Cup final, the winning goal"),
        ("recorded:2024-06-21", "Harbour at sunset"),
    ],
)
def test_the_first_is_the_right_one(library: Library, typed: str, title: str) -> None:
    assert library.search(typed).hits[0].title == title


def test_filters_hold_for_all_that_is_listed(library: Library) -> None:
    assert {hit.title for hit in library.search("after:2024-06 before:2025").hits} == {
        "Harbour at sunset",
        "Cup final, the winning goal",
    }
    assert all("static" in {facet.value for facet in hit.facets} for hit in library.search("train camera:static").hits)
    lengths = [
        (hit.end_us or 0) - hit.start_us for hit in library.search("longer:7s shorter:1m", listing="segments").hits
    ]
    assert min(lengths) >= 7_000_000
    assert not any("striped" in hit.text for hit in library.search("sailboat -striped", listing="segments").hits)


def test_a_correction_is_said_and_quotes_prevent_it(library: Library) -> None:
    assert [(one.typed, one.read) for one in library.search("turtel").corrections] == [("turtel", "turtle")]
    assert library.search('"turtel"').corrections == ()
