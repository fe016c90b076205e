"""The sample library is captioned by a second captioner while searches go on: the old captions until the new are
complete, then the new ones, never some of each."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import pytest

from data.demo import CAPTIONER, SAMPLES
from indexer.bootstrap import open_library
from indexer.domain import Recipe
from indexer.library import Library
from indexer.settings import Settings
from tests.integration.command_line import run

FILMS = ("warehouse-7.mkv", "coral-reef.webm")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recaption") / "library"
    assert run("add", *(SAMPLES / film for film in FILMS), library=folder).code == 0
    return folder


@contextmanager
def searching(library: Library, seen: list[frozenset[Recipe | None]]) -> Iterator[None]:
    """Search again and again in another thread; `seen` gets the recipes of each search's hits."""
    done = threading.Event()

    def search() -> None:
        while not done.wait(0.02):
            seen.append(frozenset(hit.recipe for hit in library.browse()))

    thread = threading.Thread(target=search)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def test_search_goes_on_over_the_old_until_the_new_are_complete(folder: Path) -> None:
    library = open_library(Settings(library=folder))
    (old,) = {hit.recipe for hit in library.browse()}
    seen: list[frozenset[Recipe | None]] = []
    with searching(library, seen):
        ended = run("recaption", "--captioner", CAPTIONER, "--work", library=folder)
    assert ended.code == 0, ended.err
    before, after = (recipes for recipes, _ in groupby(seen))
    assert before == {old}
    (new,) = after
    assert new is not None
    assert new.startswith("transformers/")
    assert all(hit.text for hit in library.search("a green turtle swims under the sea").hits)


def test_going_back_is_one_command(folder: Path) -> None:
    assert run("recipes", "use", "measured", library=folder).code == 0
    assert {str(hit.recipe).split("/")[0] for hit in open_library(Settings(library=folder)).browse()} == {"measured"}
