"""`shotlist edit`, `reject`, `undo`, `history`, `recipes`, `recaption`, as typed."""

from pathlib import Path

import pytest

from indexer.captioning.measured.captioner import RECIPE as MEASURED
from indexer.domain import Recipe, SegmentId
from indexer.library_folder import LibraryFolder
from indexer.store import open_database, recipes, settings
from tests.fakes.captioned_library import caption, put_video
from tests.integration.command_line import run

NEW = Recipe("model/1")


@pytest.fixture
def segment(tmp_path: Path) -> SegmentId:
    """The first of two segments that have a measured text and a model's, in a library at `tmp_path`."""
    folder = LibraryFolder(tmp_path)
    folder.create()
    database = open_database(f"sqlite:///{folder.database_file}", purpose="write")
    with database.write() as tx:
        recipes.want(tx, MEASURED, captioner="measured")
        settings.prefer(tx, MEASURED)
        settings.put(tx, "captioner", "measured")
        _, made = put_video(tx, "harbour", seconds=[0, 10, 20])
        caption(tx, MEASURED, {one.id: "the picture is still" for one in made})
        caption(tx, NEW, {made[0].id: "a ferry"})
    database.close()
    return made[0].id


def texts(library: Path, query: str) -> list[str]:
    return [line["text"] for line in run("search", query, "--json", library=library).lines if "text" in line]


def test_an_edit_is_found_and_can_be_undone(
    tmp_path: Path, segment: SegmentId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOTLIST_AUTHOR", "Ada")
    ended = run("edit", segment, "-", library=tmp_path, answer="A heron\nin the reeds\n")
    assert (ended.code, ended.out) == (0, "")
    assert f"shotlist undo {segment}" in ended.err
    assert texts(tmp_path, "heron")[0] == "A heron in the reeds"
    assert texts(tmp_path, "a wading bird")[0] == "A heron in the reeds", "by its meaning, too"
    assert run("reject", segment, "--author", "Ben", library=tmp_path).code == 0
    assert "A heron in the reeds" not in texts(tmp_path, "heron")
    assert "Ben rejected" in run("undo", segment, library=tmp_path).err
    lines = run("history", segment, "--json", library=tmp_path).lines
    assert [(line["v"], line["action"], line["author"], line["undone_by"]) for line in lines] == [
        (1, "write", "Ada", None),
        (1, "reject", "Ben", "Ada"),
    ]
    assert "A heron in the reeds" in run("history", segment, library=tmp_path).out


def test_what_is_not_there_is_told(tmp_path: Path, segment: SegmentId) -> None:
    for words in (("edit", "s0", "text"), ("reject", "s0"), ("undo", "s0"), ("history", "s0")):
        ended = run(*words, library=tmp_path)
        assert ended.code == 1
        assert "no segment 's0'" in ended.err
    assert "Nobody has edited" in run("history", segment, library=tmp_path).err


def test_recipes_are_listed_and_used(tmp_path: Path, segment: SegmentId) -> None:
    first, second = run("recipes", "--json", library=tmp_path).lines
    assert (first["recipe"], first["place"], first["segments"], first["of_segments"]) == (MEASURED, 1, 2, 2)
    assert (second["recipe"], second["place"], second["videos"], second["eta_us"]) == (NEW, None, 0, None)
    shown = run("recipes", library=tmp_path).out
    assert "searched first" in shown
    assert "beside" in shown
    assert "50 %" in run("recipes", "use", second["number"], library=tmp_path).err
    assert texts(tmp_path, "ferry")[0] == "a ferry"
    (used,) = run("recipes", "use", "measured", "--json", library=tmp_path).lines
    assert (used["recipe"], used["place"]) == (MEASURED, 1)
    assert "a ferry" not in texts(tmp_path, "ferry")
    assert run("recipes", "use", "nobody/1", library=tmp_path).code == 1


def test_recaption_says_when_there_is_nothing_to_do(tmp_path: Path, segment: SegmentId) -> None:
    assert "already." in run("recaption", "--captioner", "measured", library=tmp_path).err
    assert "no video 'v0'" in run("recaption", "--captioner", "measured", "--video", "v0", library=tmp_path).err
    assert run("recaption", "--captioner", "measured", library=tmp_path / "none").code == 1
    assert not (tmp_path / "none").exists()
