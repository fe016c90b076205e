"""The same path over PostgreSQL: one library folder for pictures and indexes, the database for all else."""

import shutil
from pathlib import Path

import pytest

from data.demo import SAMPLES
from tests.integration.command_line import run

pytestmark = pytest.mark.postgres


def test_add_search_and_remove(postgres_url: str, tmp_path: Path) -> None:
    footage, library = tmp_path / "footage", tmp_path / "library"
    footage.mkdir()
    for name in ("harbour-at-sunset.mp4", "snow-road.mp4"):
        shutil.copy(SAMPLES / name, footage)

    refused = run("add", footage, "--database", postgres_url, library=library)
    assert refused.code == 1
    assert "shotlist db upgrade" in refused.err
    assert run("db", "check", "--database", postgres_url, library=library).code == 1
    assert run("db", "upgrade", "--database", postgres_url, library=library).code == 0
    assert run("db", "check", "--database", postgres_url, library=library).code == 0

    assert run("add", footage, "--database", postgres_url, library=library).code == 0
    assert not (library / "library.db").exists()
    status = run("status", "--json", "--database", postgres_url, library=library).lines[0]
    assert status["videos"] == 2
    assert status["segments"] == status["captions"] == status["vectors"] > 0
    first = run("search", "harbour", "--json", "--database", postgres_url, library=library).lines[0]
    assert first["title"] == "Harbour at sunset"
    by_meaning = run("search", "lens swings down", "--json", "--database", postgres_url, library=library).lines[0]
    assert by_meaning["title"].startswith("Snow road")

    assert run("remove", first["video"], "--yes", "--database", postgres_url, library=library).code == 0
    left = run("videos", "--json", "--database", postgres_url, library=library).lines
    assert [video["title"] for video in left] == [by_meaning["title"]]
