"""An ingest that is ended at every point at which it makes something last, each once, and then run again: the library
is what it would have been."""

import shutil
import sqlite3
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Literal

import pytest

from indexer.ingest.verify import Finding, verify
from indexer.library_folder import LibraryFolder
from indexer.store import open_database, upgrade_schema
from tests.fakes.drawn_clips import draw_clip
from tests.fakes.embedders import HashEmbedder
from tests.fakes.nursery import Kind, Nursery, Point
from tests.fakes.whole_library import tell_all

SHOTS = (55, 55, 55)  # 2.2 s each: three segments
LEAST: dict[Kind, int] = {"commit": 20, "replace": 4, "fsync": 8}  # three pictures and an index


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film, and a file that is refused."""
    folder = tmp_path_factory.mktemp("every_point") / "footage"
    folder.mkdir()
    draw_clip(folder / "film.mp4", seed=3, shots=SHOTS)
    (folder / "notes.mp4").write_text("no film at all")
    return folder


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as made:
        yield made


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that holds nothing yet."""
    folder = LibraryFolder(tmp_path_factory.mktemp("empty"))
    folder.create()
    upgrade_schema(f"sqlite:///{folder.database_file}")
    return folder.root


@pytest.fixture(scope="module")
def undisturbed(nursery: Nursery, footage: Path, empty: Path) -> dict[str, list[str]]:
    """What a run that is left alone makes, and that it makes the same again."""
    library, again = footage.parent / "undisturbed", footage.parent / "undisturbed again"
    for one in (library, again):
        shutil.copytree(empty, one)
        assert nursery.run(one, footage)
    told = tell_all(library)
    assert tell_all(again) == told
    assert len(told["keyframes"]) == len(SHOTS)
    assert len(told["caption"]) == 2 * len(SHOTS)
    assert len(told["embedding"]) == len(SHOTS)
    return told


@pytest.mark.parametrize(
    ("kind", "when"), [("commit", "before"), ("commit", "after"), ("replace", "before"), ("fsync", "before")]
)
def test_ended_there_and_run_again(
    nursery: Nursery,
    footage: Path,
    empty: Path,
    tmp_path: Path,
    undisturbed: dict[str, list[str]],
    kind: Kind,
    when: Literal["before", "after"],
) -> None:
    for number in count(1):
        point = Point(kind, number, when)
        library = shutil.copytree(empty, tmp_path / str(number))
        if nursery.run(library, footage, point):
            break
        let_leases_end(library)
        assert nursery.run(library, footage)
        assert differences(undisturbed, tell_all(library)) == {}, point
        assert findings(library) == [], point
        shutil.rmtree(library)
    assert number > LEAST[kind]


def let_leases_end(library: Path) -> None:
    """Time passes."""
    with sqlite3.connect(library / "library.db") as connection:
        connection.execute("UPDATE work_unit SET lease_until_us = 0 WHERE state = 'running'")
    connection.close()


def differences(one: dict[str, list[str]], other: dict[str, list[str]]) -> dict[str, tuple[list[str], list[str]]]:
    """{table: (rows of the one only, rows of the other only)}; workers that died are still listed among them."""
    return {
        table: (
            [row for row in one[table] if row not in other[table]],
            [r for r in other[table] if r not in one[table]],
        )
        for table in one
        if table != "worker" and one[table] != other[table]
    }


def findings(library: Path) -> list[Finding]:
    folder = LibraryFolder(library)
    database = open_database(f"sqlite:///{folder.database_file}", purpose="read")
    told = list(verify(folder, database, space=HashEmbedder().space))
    database.close()
    return [one for one in told if isinstance(one, Finding)]
