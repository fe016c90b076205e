"""Texts first and their footage later, or the other way round: one video either way, whatever happens in between."""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from indexer.ingest.importing.importer import Importer, ImportRequest
from indexer.ingest.verify import Finding, verify
from indexer.library_folder import LibraryFolder
from indexer.store import open_database
from tests.fakes.drawn_clips import draw_clip
from tests.fakes.embedders import HashEmbedder
from tests.fakes.nursery import Nursery, Point
from tests.fakes.whole_library import tell_all
from tests.integration.command_line import run

FILM = Path(__file__).resolve().parents[2] / "data" / "samples" / "harbour-at-sunset.mp4"
CATALOGUE = """identifier,video,title,start,end,text,tags,kind,place,author
BT-0431,old/BT-0431.mp4,Harbour tape,1,7,a boy in a red scarf waves,sea;boats,,Sopot,Anna
BT-0431,,,2,,the rest of the evening,,,,
BT-0431,,,,,all about a harbour,,,,
BT-0431,,,1,2,good evening everybody,,transcript,,
"""
LATE = "BT-0431,,,5,900,something at the very end,,,,\n"


@pytest.fixture(scope="module")
def texts_first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library in which the texts waited for their footage; its folder holds `disk` and `catalogue.csv` too."""
    folder = _disk(tmp_path_factory.mktemp("texts_first"))
    (folder / "catalogue.csv").write_text(CATALOGUE + LATE)
    assert run("import", folder / "catalogue.csv", library=folder / "library").code == 0
    before = run("search", "a red scarf", "--json", library=folder / "library").lines[0]
    assert (before["identifier"], before["path"], before["timecode"]) == ("BT-0431", None, "00:00:01.000")
    ended = run("add", folder / "disk", library=folder / "library")
    assert ended.code == 0
    assert "texts of it were imported before: it is 'BT-0431'" in ended.err
    assert "imported texts that end beyond its end, at 18.480 s: 1; they stay" in ended.err
    return folder


def _disk(folder: Path) -> Path:
    (folder / "disk" / "tapes").mkdir(parents=True)
    shutil.copy(FILM, folder / "disk" / "tapes" / "BT-0431.mp4")
    return folder


def segments_of(library: Path) -> list[tuple[Any, ...]]:
    (video,) = run("videos", "--json", library=library).lines
    listed = run("segments", video["video"], "--json", library=library).lines
    return [
        (one["start_us"], one["end_us"], [said["text"] for said in one["captions"]], len(one["keyframes"]) > 0)
        for one in listed
    ]


def test_the_texts_have_their_footage(texts_first: Path) -> None:
    library = texts_first / "library"
    (hit, *_) = run("search", "a red scarf", "--json", library=library).lines
    assert (hit["identifier"], hit["title"], hit["recipe"]) == ("BT-0431", "Harbour tape", "human")
    assert Path(hit["path"]).name == "BT-0431.mp4"
    assert hit["timecode"] == "00:00:00:00"
    assert run("search", "tag:boats", "--json", library=library).lines[0]["segment"] == hit["segment"]
    heard = run("search", "good evening everybody", "--json", library=library).lines
    assert "transcript" in {why["field"] for one in heard for why in one.get("evidence", ())}
    assert run("search", "place:Sopot", "--json", library=library).lines[-1]["summary"]["nothing"] is False
    assert all(pictured for *_, pictured in segments_of(library))
    (video,) = run("videos", "--json", library=library).lines
    assert (video["state"], video["duration_us"]) == ("indexed", 18_480_000)
    assert "Nothing is wrong" in run("verify", library=library).err


def test_the_same_import_finds_the_same_video(texts_first: Path) -> None:
    before = segments_of(texts_first / "library")
    ended = run("import", texts_first / "catalogue.csv", "--json", library=texts_first / "library")
    (line,) = ended.lines
    assert (line["entered"], line["unchanged"], line["videos_made"], line["videos_matched"]) == (0, 4, 0, 1)
    assert [(bad["line"], bad["reason"]) for bad in line["bad"]] == [(6, "beyond_end")]
    assert segments_of(texts_first / "library") == before
    assert "1 already there" in run("add", texts_first / "disk", library=texts_first / "library").err


def test_it_is_the_same_as_footage_first(texts_first: Path, tmp_path: Path) -> None:
    folder = _disk(tmp_path)
    (folder / "catalogue.csv").write_text(CATALOGUE)
    library = folder / "library"
    assert run("add", folder / "disk", library=library).code == 0
    (line,) = run("import", folder / "catalogue.csv", "--json", library=library).lines
    assert (line["entered"], line["videos_made"], line["videos_matched"], line["bad"]) == (4, 0, 1, [])
    assert run("worker", "--until-empty", library=library).code == 0, "spans of their own get pictures"
    late = "something at the very end"
    assert segments_of(library) == [one for one in segments_of(texts_first / "library") if one[2] != [late]]


def test_nobody_knows_which(tmp_path: Path) -> None:
    library, disk = tmp_path / "library", tmp_path / "disk"
    disk.mkdir()
    draw_clip(disk / "clip.mp4", seed=1, shots=(50,))
    (tmp_path / "two.csv").write_text("identifier,video,text\nT1,A/clip.mp4,a cat\nT2,B/clip.mp4,a dog\n")
    assert run("import", tmp_path / "two.csv", library=library).code == 0
    told = run("add", disk, library=library).err
    assert "texts were imported for several videos that it may be" in told
    (made,) = [one for one in run("videos", "--json", library=library).lines if one["paths"]]
    (tmp_path / "which.csv").write_text(f"identifier,video\nT2,{disk}/clip.mp4\n")
    assert run("import", tmp_path / "which.csv", library=library).code == 0
    assert run("remove", made["video"], library=library, answer="y\n").code == 0
    assert "it is" in run("add", disk, library=library).err
    (hit, *_) = run("search", "a dog", "--json", library=library).lines
    assert (hit["identifier"], Path(hit["path"]).name) == ("T2", "clip.mp4")
    assert len(run("videos", "--json", library=library).lines) == 2


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as made:
        yield made


def test_ended_at_any_commit_and_run_again(nursery: Nursery, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    draw_clip(tmp_path / "disk" / "BT-0431.mp4", seed=3, shots=(55, 55))
    folder = LibraryFolder(tmp_path / "imported")
    folder.create()
    database = open_database(f"sqlite:///{folder.database_file}", purpose="write")
    importer = Importer(folder, database, HashEmbedder)
    (tmp_path / "catalogue.csv").write_text(CATALOGUE + LATE)
    importer.read(ImportRequest(tmp_path / "catalogue.csv"))
    importer.finish()
    database.close()
    left_alone = shutil.copytree(folder.root, tmp_path / "left alone")
    assert nursery.run(left_alone, tmp_path / "disk")
    told = tell_all(left_alone)
    assert (len(told["video"]), len(told["imported_text"]), len(told["fingerprint"])) == (1, 4, 1)
    for number in count(3, 6):  # some of them: each run takes seconds
        library = shutil.copytree(folder.root, tmp_path / f"ended at {number}")
        if nursery.run(library, tmp_path / "disk", Point("commit", number, "before")):
            break
        assert nursery.run(library, tmp_path / "disk")
        assert tell_all(library) | {"worker": []} == told, number  # a dead one is still listed
    assert number > 15, "there are more commits than that"
    database = open_database(f"sqlite:///{LibraryFolder(left_alone).database_file}", purpose="read")
    told_wrong = verify(LibraryFolder(left_alone), database, space=HashEmbedder().space)
    assert [one for one in told_wrong if isinstance(one, Finding)] == []
    database.close()
