"""`shotlist import`: what an archive has goes in, and comes out of a search; killed anywhere and run again, it is the
same."""

import json
import os
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.engine.default import DefaultDialect

from indexer.domain import Fingerprint, MediaInfo, Recipe
from indexer.embedding import make_embedder
from indexer.ingest.importing import importer as importing
from indexer.ingest.importing.importer import Importer, ImportRequest
from indexer.ingest.importing.report import ImportMoment, ImportReport
from indexer.ingest.verify import Finding, verify
from indexer.library_folder import LibraryFolder
from indexer.store import Database, imports, open_database, roots, segments, videos, waiting_texts
from indexer.store.tables import VideoTable
from indexer.timecode import StartTimecode, TimeRange
from tests.fakes.embedders import HashEmbedder
from tests.fakes.whole_library import tell_all
from tests.integration.command_line import run

SECOND = 1_000_000
STOPPED = 77
CATALOGUE = """video,identifier,text,start,end,kind,tags,place,rate
tapes/a.mov,A-1,a red boat leaves,0,4,,sea;boats,Gdańsk,
tapes/a.mov,A-1,a red boat comes back,0,4,,,Gdańsk,
tapes/a.mov,A-1,good morning,1,3,transcript,,Sopot,
b,,waves,00:00:01:00,00:00:02:00,,,,25
b,,,,,,,Hel,
c,,the sea,,,,,,
d,,bad,5,4,,,,
,,nobody,,,,,,
d,,gulls,1,9,,,,
"""
LONG = """video,text,start,end,kind,place
tape,a boat,0,4,,Hel
tape,a red boat,0,4,,
tape,gulls,4,8,,
tape,waves,8,12,,
tape,a quay,12,16,,
tape,cast off,20,22,transcript,
"""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Importer]:
    folder = LibraryFolder(tmp_path / "library")
    folder.create()
    database = open_database(f"sqlite:///{folder.database_file}", purpose="write")
    yield Importer(folder, database, HashEmbedder)
    database.close()


def enter(library: Importer, path: Path, content: str, **request: str) -> ImportReport:
    path.write_text(content, encoding="utf-8")
    report = library.read(ImportRequest(path, **request))  # type: ignore[arg-type]
    library.finish()
    return report


def findings(folder: LibraryFolder, database: Database) -> list[Finding]:
    return [one for one in verify(folder, database, space=HashEmbedder().space) if isinstance(one, Finding)]


def test_the_good_rows_enter_and_the_bad_ones_are_told(library: Importer, tmp_path: Path) -> None:
    report = enter(library, tmp_path / "catalogue.csv", CATALOGUE)
    assert (report.rows, report.entered, report.unchanged, report.made) == (9, 7, 0, 4)
    assert [(one.line, one.reason) for one in report.bad] == [(8, "end_before_start"), (9, "no_video")]
    assert library.database is not None
    assert findings(library.folder, library.database) == []
    with library.database.read() as tx:
        first = imports.named_videos(tx)[0]
        stated = videos.fields(tx, first.id)
        shown = [(d.segment.start_us, d.active.text if d.active else "") for d in segments.details(tx, first.id)]
    assert stated == {"identifier": "A-1", "file_name": "tapes/a.mov", "place": "Gdańsk; Sopot"}
    assert shown == [(0, "a red boat leaves"), (0, "a red boat comes back")]
    again = enter(library, tmp_path / "catalogue.csv", CATALOGUE)
    assert (again.entered, again.unchanged, again.made, again.matched) == (0, 7, 0, 4)


def test_strict_and_check_enter_nothing(library: Importer, tmp_path: Path) -> None:
    for mode in ("all", "check"):
        report = enter(library, tmp_path / "catalogue.csv", CATALOGUE, mode=mode)
        assert (report.entered, report.left_out, len(report.bad)) == (0, 7, 2)
    assert library.database is not None
    with library.database.read() as tx:
        assert imports.named_videos(tx) == []


def known_film(database: Database) -> None:
    """Twenty seconds at 29.97 drop-frame from one o'clock, in two segments; its disk is away."""
    rate, start = "30000/1001", StartTimecode("01:00:00;00")
    info = MediaInfo("mov", "h264", 0, 640, 360, 0, None, None, 20 * SECOND, start, None, None, None, "yuv420p")
    with database.write() as tx:
        video = videos.add(tx, info=info, fingerprint=Fingerprint(1, "x"), title="Film", fields={})
        tx.execute(update(VideoTable).values(rate=rate, duration_us=20 * SECOND, complete=True))
        spans = [TimeRange(0, 10 * SECOND), TimeRange(10 * SECOND, 20 * SECOND)]
        segments.put_segmentation(tx, video, recipe=Recipe("content/1"), origin="detected", spans=spans, cuts=[])
        root = roots.add(tx, Path("/away"))
        videos.put_location(
            tx, video, root=root, relative_path=Path("day 1/FILM.MOV"), stream_index=0, size=1, mtime_ns=1
        )


@pytest.mark.parametrize("name", ["film", "film.mov", "/Volumes/other/day 1/film.mov", "DAY 1\\film.MOV"])
def test_footage_that_is_away_is_known_by_its_names(library: Importer, tmp_path: Path, name: str) -> None:
    assert library.database is not None
    known_film(library.database)
    log = [
        {"video": name, "start": "01:00:00:00", "end": "01:00:09:29", "text": "a boat", "identifier": "F-7"},
        {"video": name, "start": 25, "text": "too late"},
        {"video": name, "start": "00:59:30:00", "text": "too early"},
        {"video": name, "kind": "transcript", "start": 11, "end": 12, "text": "good evening"},
    ]
    report = enter(library, tmp_path / "log.jsonl", "".join(json.dumps(row) + "\n" for row in log))
    assert (report.entered, report.made, report.matched) == (2, 0, 1)
    assert [(one.line, one.reason) for one in report.bad] == [(2, "beyond_end"), (3, "negative_time")]
    with library.database.read() as tx:
        (video,) = imports.named_videos(tx)
        shown = [(d.segment.start_us, d.active.text if d.active else "") for d in segments.details(tx, video.id)]
    assert shown == [(0, "a boat"), (10 * SECOND, "")]
    assert (video.identifier, video.file_name) == ("F-7", "")


def test_a_name_that_may_mean_several_is_a_bad_row(library: Importer, tmp_path: Path) -> None:
    enter(library, tmp_path / "one.csv", "video,title\nA/001.mov,one\nB/001.mov,two\nC/002.mov,three\n")
    report = enter(library, tmp_path / "two.csv", "video,text\n001.mov,x\na/001,y\nB/001.MOV,z\nX/001.mov,new\n002,w\n")
    assert [(one.line, one.reason) for one in report.bad] == [(2, "ambiguous_video")]
    assert "B/001.mov" in report.bad[0].message
    assert (report.made, report.matched) == (1, 3)


def test_two_tapes_of_one_file_name(library: Importer, tmp_path: Path) -> None:
    report = enter(library, tmp_path / "one.csv", "identifier,video,text\nT1,clip.mov,cat\nT2,clip.mov,dog\nT1,,cow\n")
    assert (report.entered, report.made) == (3, 2)


def test_subtitles_find_their_video(library: Importer, tmp_path: Path) -> None:
    enter(library, tmp_path / "one.csv", "video,text\ntalk.mov,a man talks\n")
    report = enter(library, tmp_path / "talk.en.srt", "1\n00:00:01,000 --> 00:00:04,000\nHello\n")
    assert (report.entered, report.made, report.matched) == (1, 0, 1)


def test_cards_of_one_camera(library: Importer, tmp_path: Path) -> None:
    """Their folders and files are called the same; a row that may be a slip says what is known of that name."""
    enter(library, tmp_path / "one.csv", "video,text\nCARD1/CLIP/0001.MXF,a cat\n")
    table = "video,text,start\nCARD2/CLIP/0001.MXF,a dog,\nCARD3/CLIP/0001.MXF,a cow,10:00:00:00\n"
    report = enter(library, tmp_path / "two.csv", table)
    assert (report.made, report.matched, [one.reason for one in report.bad]) == (1, 0, ["needs_rate"])
    assert "(CARD1/CLIP/0001.MXF)" in report.bad[0].message
    (note,) = report.notes
    assert note.startswith("'CARD2/CLIP/0001.MXF' is taken for a new video, beside ")
    assert "(CARD1/CLIP/0001.MXF)" in note


def test_lines_that_are_replaced_are_told(library: Importer, tmp_path: Path) -> None:
    for folder, said in (("d1", "Hello"), ("d2", "Goodbye")):
        (tmp_path / folder).mkdir()
        report = enter(library, tmp_path / folder / "S1.srt", f"1\n00:00:01,000 --> 00:00:04,000\n{said}\n")
    assert report.notes == (
        "lines taken away: 1, which the same author had of these videos in the same language; this file replaces them",
    )


def test_it_tells_how_far_it_is(library: Importer, tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("video,text\n" + "".join(f"v{n},text {n}\n" for n in range(3)))
    told: list[ImportMoment] = []
    library.read(ImportRequest(tmp_path / "one.csv"), tell=told.append)
    library.finish(tell=told.append)
    assert [(one.step, one.done, one.total) for one in told] == [
        ("reading", 0, 0),
        ("writing", 0, 3),
        ("writing", 3, 3),
        ("embedding", 0, 3),
        ("embedding", 3, 3),
        ("publishing", 0, 0),
    ]
    told.clear()
    library.read(ImportRequest(tmp_path / "one.csv"), tell=told.append)
    library.finish(tell=told.append)
    assert "publishing" not in {one.step for one in told}


@pytest.mark.parametrize("catalogue", [CATALOGUE, LONG])
def test_ended_at_any_commit_and_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, catalogue: str) -> None:
    monkeypatch.setattr(importing, "_ROWS_AT_ONCE", 2)
    (tmp_path / "catalogue.csv").write_text(catalogue)
    assert import_in_a_process(tmp_path, tmp_path / "left alone") == 0
    told = tell_all(tmp_path / "left alone")
    assert len(told["imported_text"]) == 5
    for number in count(1):
        library = tmp_path / f"ended at {number}"
        if import_in_a_process(tmp_path, library, end_before=number) == 0:
            break
        assert import_in_a_process(tmp_path, library) == 0
        assert tell_all(library) == told, number
    assert number > 5, "there are more commits than that"


def test_what_is_said_of_one_video_is_committed_in_parts(
    library: Importer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits: list[object] = []
    commit = DefaultDialect.do_commit

    def noted(dialect: DefaultDialect, connection: object) -> None:
        commits.append(connection)
        commit(dialect, connection)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(DefaultDialect, "do_commit", noted)
    counts = []
    for name, rows in (("whole", 2000), ("parts", 2)):
        monkeypatch.setattr(importing, "_ROWS_AT_ONCE", rows)
        commits.clear()
        (tmp_path / "long.csv").write_text(LONG.replace("tape", name))
        report = library.read(ImportRequest(tmp_path / "long.csv"))
        counts.append(len(commits))
        assert (report.entered, report.made) == (6, 1)
        again = library.read(ImportRequest(tmp_path / "long.csv"))
        assert (again.entered, again.unchanged, again.matched) == (0, 6, 1)
    assert counts[1] - counts[0] == 3, "one span, two spans, one span, the lines"


def import_in_a_process(folder: Path, library: Path, *, end_before: int = 0) -> int:
    """How a fork of this process ends that imports the catalogue, and dies right before one of its commits."""
    if (pid := os.fork()) != 0:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    try:
        left, commit = [end_before], DefaultDialect.do_commit

        def die_or_commit(dialect: DefaultDialect, connection: object) -> None:
            left[0] -= 1
            if left[0] == 0:
                os._exit(STOPPED)
            commit(dialect, connection)  # type: ignore[no-untyped-call]

        made = LibraryFolder(library)
        made.create()
        database = open_database(f"sqlite:///{made.database_file}", purpose="write")
        DefaultDialect.do_commit = die_or_commit  # type: ignore[method-assign]
        importer = Importer(made, database, HashEmbedder)
        importer.read(ImportRequest(folder / "catalogue.csv"))
        importer.finish()
        database.close()
        os._exit(0)
    except BaseException:
        os._exit(1)


def test_the_command(tmp_path: Path) -> None:
    """Here with the real encoder: an identifier that went in comes out with the hit."""
    library, table = tmp_path / "library", tmp_path / "catalogue.csv"
    table.write_text(CATALOGUE)
    checked = run("import", table, "--check", "--json", library=library)
    assert (checked.code, checked.lines[0]["left_out"], library.exists()) == (1, 7, False)
    ended = run("import", table, "--json", library=library)
    (line,) = ended.lines
    assert (ended.code, line["v"], line["entered"], line["videos_made"]) == (1, 1, 7, 4)
    assert line["bad"][0].keys() == {"line", "reason", "message"}
    hit = run("search", "a red boat", "--json", library=library).lines[0]
    assert (hit["identifier"], hit["recipe"], hit["start_us"], hit["end_us"]) == ("A-1", "human", 0, 4 * SECOND)
    told = run("import", table, library=library)
    assert "0 entered, 7 already there, 2 bad" in told.err
    assert "line 8" in told.err
    assert run("import", tmp_path / "none.csv", library=library).code == 1


def test_moments_with_speech_alone_show_their_first_line(tmp_path: Path) -> None:
    library, table = tmp_path / "library", tmp_path / "said.csv"
    table.write_text(
        "video,text,start,end,kind\na.mov,good evening,2,3,transcript\na.mov,good morning,1,2,transcript\n"
    )
    assert run("import", table, library=library).code == 0
    (hit, *_) = run("search", "has:speech", "--json", library=library).lines
    assert [(one["field"], one["text"]) for one in hit["evidence"]] == [("transcript", "good morning")]
    assert "in:nowhere" in run("search", "in:nowhere evening", library=library).err


def test_a_file_that_is_not_there_leaves_the_first_whole(tmp_path: Path) -> None:
    library, table = tmp_path / "library", tmp_path / "one.csv"
    table.write_text("video,text\na.mov,a red boat\n")
    ended = run("import", table, tmp_path / "none.csv", library=library)
    assert (ended.code, "cannot be read" in ended.err) == (1, True)
    database = open_database(f"sqlite:///{LibraryFolder(library).database_file}", purpose="read")
    with database.read() as tx:
        assert waiting_texts.count_unembedded(tx, make_embedder("minilm").space) == 0
    database.close()


@pytest.mark.parametrize("command", ["import", "add"])
def test_without_faiss_no_work_is_begun(tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "faiss", None)  # as where it is not installed
    table = tmp_path / "one.csv"
    table.write_text("video,text\na.mov,a red boat\n")
    ended = run(command, table, library=tmp_path / "library")
    assert (ended.code, "FAISS" in ended.err, (tmp_path / "library").exists()) == (1, True, False)
