"""`shotlist import`: what an archive has goes in, and comes out of a search; killed anywhere and run again, it is the
same."""

import json
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy.engine.default import DefaultDialect

from indexer.domain import Fingerprint, MediaInfo, Recipe
from indexer.ingest.importing import importer as importing
from indexer.ingest.importing.importer import Importer, ImportRequest
from indexer.ingest.importing.report import ImportMoment, ImportReport
from indexer.ingest.verify import Finding, verify
from indexer.library_folder import LibraryFolder
from indexer.store import Database, imports, open_database, roots, segments, videos
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
        tx.execute(videos.update(videos.VideoTable).values(rate=rate, duration_us=20 * SECOND, complete=True))
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


def test_ended_at_any_commit_and_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "_ROWS_AT_ONCE", 2)
    (tmp_path / "catalogue.csv").write_text(CATALOGUE)
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
            commit(dialect, connection)  # type: ignore[arg-type]

        made = LibraryFolder(library)
        made.create()
        database = open_database(f"sqlite:///{made.database_file}", purpose="write")
        DefaultDialect.do_commit = die_or_commit  # type: ignore[assignment]
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
