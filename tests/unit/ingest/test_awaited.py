"""Which file imported texts were waiting for. The bytes need be no film: nothing here decodes them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from indexer.domain import Fingerprint, MediaInfo, VideoId
from indexer.ingest.awaited import find_awaited
from indexer.ingest.identity import Entered, New, enter
from indexer.ingest.planning import looking_unit
from indexer.media import FoundFile
from indexer.store import Database, imports, jobs, open_database, roots, videos
from indexer.store.imported_videos import FILE_NAME, IDENTIFIER
from indexer.store.imports import Import, NewVideo

INFO = MediaInfo("mov", "h264", 1, 640, 360, 0, None, None, 9_000_000, None, None, None, None, "yuv420p")


@dataclass
class Archive:
    """A library whose disk is registered as `/disk`; no file of it need be there."""

    database: Database

    def imported(self, identifier: str, file_name: str = "", **fields: str) -> VideoId:
        named = {IDENTIFIER: identifier, FILE_NAME: file_name, **fields}
        with self.database.write() as tx:
            (entered,) = imports.put_imports(
                tx, [Import(NewVideo(identifier), identifier, {name: said for name, said in named.items() if said})]
            )
        return entered.video.id

    def add(self, name: str, info: MediaInfo = INFO, *, content: str = "", size: int = 7) -> Entered:
        file = FoundFile(Path("/disk") / name, size, 1)
        new = New(Fingerprint(size, content or name))
        with self.database.write() as tx:
            if roots.around(tx, Path("/disk")) is None:
                roots.add(tx, Path("/disk"))
            entered = enter(tx, file, new, info=info, title=file.path.stem, still=None)
            if info.reel:
                videos.set_fields(tx, entered.video, {"reel": info.reel})
        return entered


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    database = open_database(f"sqlite:///{tmp_path / 'library.db'}", purpose="write")
    yield Archive(database)
    database.close()


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("tapes/a.mov", "tapes/a.mov"),
        ("/Volumes/old/tapes/a.mov", "tapes/a.mov"),
        ("D:\\old\\TAPES\\A.MOV", "tapes/a.mov"),
        ("a.mov", "tapes/1987/a.mov"),
        ("old server/a.mov", "tapes/1987/a.mov"),
        ("BT-0431", "tapes/bt-0431.mxf"),
        ("Café", "Cafe\u0301.mov"),
        ("Łódź.mov", "łódź.MOV"),
    ],
)
def test_it_is_the_file_that_is_called_so(archive: Archive, name: str, path: str) -> None:
    archive.imported("another", "another.mov")
    video = archive.imported(name)
    entered = archive.add(path)
    assert (entered.video, entered.created, entered.had_texts) == (video, True, True)
    assert len(entered.warnings) == 1


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("CARD1/CLIP/0001.MXF", "CARD2/CLIP/0001.MXF"),
        ("a.mov", "b.mov"),
        ("a.mov", "a.mxf"),
        ("BT-0431", "BT-04312.mov"),
        ("BT0431.A01", "BT0431.mov"),
        ("tapes", "tapes/a.mov"),
    ],
)
def test_it_is_not(archive: Archive, name: str, path: str) -> None:
    video = archive.imported(name)
    entered = archive.add(path)
    assert entered.video != video
    assert (entered.created, entered.had_texts, entered.warnings) == (True, False, ())


def test_the_name_that_says_most_counts(archive: Archive) -> None:
    archive.imported("clip.mov")
    video = archive.imported("T-2", "tapes/clip.mov")
    assert archive.add("tapes/clip.mov").video == video


def test_several_videos_of_one_name(archive: Archive) -> None:
    one, other = archive.imported("T1", "clip.mov"), archive.imported("T2", "old/clip.mov")
    entered = archive.add("tapes/clip.mov")
    assert entered.video not in (one, other)
    (told,) = entered.warnings
    assert all(part in told for part in (one, other, "'clip.mov'", "'old/clip.mov'", "`identifier`", "shotlist remove"))


def test_several_files_of_one_name(archive: Archive) -> None:
    """Whether they wait still or are known; as many bytes are taken for a copy."""
    video = archive.imported("clip.mov")
    with archive.database.write() as tx:
        jobs.put(tx, [looking_unit(FoundFile(Path("/disk/b/clip.mov"), 8, 1), urgency="in turn")])
    first = archive.add("a/clip.mov")
    assert first.video != video
    assert "/disk/b/clip.mov" in first.warnings[0]
    second = archive.add("b/clip.mov", size=8)
    assert second.video != video
    assert "/disk/a/clip.mov" in second.warnings[0]
    assert archive.add("c/clip.mov", size=7, content="others").video != video


def test_a_copy_that_waits_is_no_other_file(archive: Archive) -> None:
    video = archive.imported("clip.mov")
    with archive.database.write() as tx:
        jobs.put(tx, [looking_unit(FoundFile(Path("/disk/copies/clip.mov"), 7, 1), urgency="in turn")])
    assert archive.add("a/clip.mov").video == video


def test_a_file_that_is_called_more_alike_comes_first(archive: Archive) -> None:
    video = archive.imported("tapes/clip.mov")
    with archive.database.write() as tx:
        jobs.put(tx, [looking_unit(FoundFile(Path("/disk/tapes/clip.mov"), 8, 1), urgency="in turn")])
    entered = archive.add("other/clip.mov")
    assert (entered.video == video, entered.warnings) == (False, ())
    assert archive.add("tapes/clip.mov", size=8).video == video


def test_a_file_that_has_an_identifier_is_no_other_file(archive: Archive) -> None:
    first = archive.imported("T1", "a/clip.mov")
    assert archive.add("a/clip.mov").video == first
    second = archive.imported("T2", "clip.mov")
    assert archive.add("b/clip.mov", size=8).video == second


def test_a_video_gets_one_file(archive: Archive) -> None:
    video = archive.imported("clip.mov")
    assert archive.add("a/clip.mov").video == video
    assert archive.add("b/clip.mov", size=8).video != video
    assert archive.add("c/clip.mov", content="a/clip.mov").video == video, "the same content"


def test_by_the_reel_it_states(archive: Archive) -> None:
    video = archive.imported("BT-0431")
    of_reel = replace(INFO, reel="bt-0431")
    assert archive.add("0001.mov", of_reel).video == video
    archive.imported("BT-0432")
    first = archive.add("0002.mov", replace(INFO, reel="A001"))
    archive.imported("A001")
    second = archive.add("0003.mov", replace(INFO, reel="A001"), size=9)
    assert second.video != first.video
    assert "of which there are more files" in second.warnings[0]


def test_what_the_archive_said_stays_and_the_file_tells_the_rest(archive: Archive) -> None:
    video = archive.imported("BT-0431", "tapes/a.mov", place="Sopot", reel="R-9")
    archive.add("tapes/a.mov", replace(INFO, recorded_at="1987-04-12T10:00:00"))
    with archive.database.read() as tx:
        (stored,) = videos.load(tx, [video])
        said = videos.fields(tx, video)
        (named,) = imports.named_videos(tx)
    assert (stored.kind, stored.title, stored.codec, stored.complete) == ("file", "a", "h264", False)
    assert (stored.recorded_at, stored.width) == ("1987-04-12T10:00:00", 640)
    assert said == {"identifier": "BT-0431", "file_name": "tapes/a.mov", "place": "Sopot", "reel": "R-9"}
    assert (named.id, named.paths) == (video, ("/disk/tapes/a.mov",))


def test_nobody_waits(archive: Archive) -> None:
    with archive.database.write() as tx:
        found = find_awaited(tx, FoundFile(Path("/disk/a.mov"), 1, 1), roots.add(tx, Path("/disk")), INFO)
    assert (found.video, found.told) == (None, ())
