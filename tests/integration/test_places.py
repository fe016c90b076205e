"""Files that are moved, re-tagged and replaced under a library, as its user sees it."""

import json
import os
import shutil
import subprocess
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from indexer.bootstrap import open_ingester, open_library
from indexer.domain import Stretch, VideoId
from indexer.media import ffmpeg_program
from indexer.settings import Settings
from indexer.store import open_database, roots, videos
from tests.fakes.library import draw_footage
from tests.fakes.meddling import meddling_steps
from tests.integration.command_line import run

FILM = Path(__file__).resolve().parents[2] / "data" / "samples" / "harbour-at-sunset.mp4"


def holdings(library: Path) -> dict[str, Any]:
    """What the library holds, without what is told of the work."""
    (status,) = run("status", "--json", library=library).lines
    return {name: value for name, value in status.items() if name != "work"}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A library of two drawn films, `one.mp4` in the folder `tapes` and `two.mp4` in a folder in it."""
    (tmp_path / "tapes" / "day 2").mkdir(parents=True)
    draw_footage(tmp_path / "tapes" / "one.mp4", seconds=3)
    draw_footage(tmp_path / "tapes" / "day 2" / "two.mp4", seconds=4)
    added = run("add", tmp_path / "tapes", library=tmp_path / "library")
    assert "2 indexed" in added.err, added.err
    return tmp_path


def report_of(archive: Path, *paths: Path) -> dict[str, Any]:
    """Add the paths; gives {file name: its entry in the report}."""
    assert run("add", *paths, "--report", archive / "report.json", library=archive / "library").code == 0
    files = json.loads((archive / "report.json").read_text())["files"]
    return {Path(file["path"]).name: file for file in files}


def videos_of(archive: Path) -> dict[str, dict[str, Any]]:
    return {video["title"]: video for video in run("videos", "--json", library=archive / "library").lines}


def retag(path: Path, *options: str) -> None:
    """The same packets in other bytes."""
    tagged = path.with_name(f"tagged {path.name}")
    program = str(ffmpeg_program().path)
    copying = ["-v", "error", "-i", str(path), "-map", "0", "-c", "copy"]
    subprocess.run([program, *copying, *options, str(tagged)], check=True)
    tagged.replace(path)


def size_of(film: Path) -> tuple[int, int]:
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        return stream.width, stream.height


def test_a_share_mounted_elsewhere_is_one_edit(archive: Path) -> None:
    library = archive / "library"
    before = holdings(library)
    (root,) = run("roots", "--json", library=library).lines
    assert (root["root"], root["files"], root["online"]) == ("tapes", 2, True)
    (archive / "tapes").rename(archive / "volume")
    assert {video["state"] for video in videos_of(archive).values()} == {"offline"}

    (moved,) = run("roots", "move", "tapes", archive / "volume", "--json", library=library).lines
    assert (moved["found"], moved["moved"]) == (2, 2)
    shown = videos_of(archive)
    assert {video["state"] for video in shown.values()} == {"indexed"}
    assert shown["two"]["paths"] == [str(archive.resolve() / "volume" / "day 2" / "two.mp4")]
    hit = run("search", "two", "--json", library=library).lines[0]
    assert hit["path"] == shown["two"]["paths"][0]
    (segment, *_) = run("segments", hit["video"], "--json", library=library).lines
    opened = open_library(Settings(library=library))
    assert size_of(opened.clip(segment["segment"])) == (320, 180)
    again = report_of(archive, archive / "volume")
    assert {file["reason"] for file in again.values()} == {"unchanged"}
    assert holdings(library) == before | {"folders": [str(archive / "volume")]}


def test_a_re_tagged_file_is_the_same_video(archive: Path) -> None:
    one = archive / "tapes" / "one.mp4"
    video = videos_of(archive)["one"]["video"]
    texts = run("segments", video, "--json", library=archive / "library").out
    retag(one, "-metadata", "title=Harbour at dawn", "-metadata", "creation_time=1987-04-12T10:00:00Z")
    file = report_of(archive, archive / "tapes")["one.mp4"]
    assert (file["state"], file["video"]) == ("indexed", video)
    assert any("'one'" in warning for warning in file["warnings"])
    shown = videos_of(archive)["Harbour at dawn"]
    assert (shown["video"], shown["recorded_at"][:10]) == (video, "1987-04-12")
    assert run("segments", video, "--json", library=archive / "library").out == texts
    hit = run("search", "dawn", "--json", library=archive / "library").lines[0]
    assert hit["video"] == video
    retag(one, "-map_metadata", "-1")
    assert report_of(archive, archive / "tapes")["one.mp4"]["video"] == video
    assert videos_of(archive)["Harbour at dawn"]["recorded_at"][:10] == "1987-04-12", "what is not stated now stays"


def test_it_is_so_where_the_best_picture_of_a_segment_is_not_its_first(tmp_path: Path) -> None:
    film = tmp_path / "tapes" / FILM.name
    film.parent.mkdir()
    shutil.copy(FILM, film)
    video = report_of(tmp_path, film)[film.name]["video"]
    found = run("segments", video, "--json", library=tmp_path / "library").lines
    times = [[picture["t_us"] for picture in segment["keyframes"]] for segment in found]
    assert times != [sorted(some) for some in times], "another film is needed here"
    retag(film, "-metadata", "title=Harbour at dawn")
    assert report_of(tmp_path, film)[film.name]["video"] == video


def test_a_re_tagged_file_that_changes_again_takes_nothing_away(archive: Path) -> None:
    """A tagging program may write twice while the file is looked at."""
    one = archive / "tapes" / "one.mp4"
    retag(one, "-metadata", "title=Harbour at dawn")
    texts = run("segments", videos_of(archive)["one"]["video"], "--json", library=archive / "library").out

    touched: list[Path] = []

    def touch(path: Path) -> None:
        if path == one and not touched:
            touched.append(path)
            os.utime(one, ns=(1, 1))

    ingester = open_ingester(Settings(library=archive / "library"), captioner="measured")
    ingester = replace(ingester, steps=meddling_steps("decoding", touch))
    (file,) = [
        one for one in ingester.add([archive / "tapes"], watch=lambda _: None).files if one.path.name == "one.mp4"
    ]
    assert touched
    assert (file.state, file.reason) == ("indexed", None), "it was looked at again"
    (video,) = [video for title, video in videos_of(archive).items() if title != "two"]
    after = run("segments", video["video"], "--json", library=archive / "library").lines
    assert [line["segment"] for line in after] == [json.loads(line)["segment"] for line in texts.splitlines()]


@pytest.mark.parametrize("seconds", [3, 5])
def test_another_film_under_a_known_name_is_another_video(archive: Path, seconds: int) -> None:
    """Also one as long: recorders with clips of one length use names again."""
    one, kept = archive / "tapes" / "one.mp4", archive / "kept.mp4"
    before = videos_of(archive)["one"]["video"]
    shutil.move(one, kept)
    draw_footage(one, seconds=seconds)
    retag(one, "-vf", "negate", "-c:v", "libx264")
    file = report_of(archive, archive / "tapes")["one.mp4"]
    assert (file["state"], file["duration_us"]) == ("indexed", seconds * 1_000_000)
    assert file["video"] != before
    assert any(before in warning for warning in file["warnings"])
    states = {video["video"]: video["state"] for video in run("videos", "--json", library=archive / "library").lines}
    assert states[before] == "offline"
    assert run("segments", before, "--json", library=archive / "library").lines, "nothing was deleted"
    back = report_of(archive, kept)["kept.mp4"]
    assert (back["video"], back["reason"]) == (before, "moved")


def test_a_share_that_is_away_holds_nothing_up_and_loses_nothing(archive: Path) -> None:
    library = archive / "library"
    (archive / "tapes").rename(archive / "unplugged")
    (archive / "tapes").mkdir()
    (archive / "copies").mkdir()
    shutil.copy(archive / "unplugged" / "one.mp4", archive / "copies" / "one.mp4")
    added = run("add", archive / "tapes", archive / "copies", library=library)
    assert (added.code, "2 files of tapes are offline" in added.err) == (0, True)
    listed = {line["root"]: (line["files"], line["online"]) for line in run("roots", "--json", library=library).lines}
    assert listed == {"tapes": (2, False), "copies": (1, True)}
    (archive / "tapes").rmdir()
    (archive / "unplugged").rename(archive / "tapes")
    online = {video["title"]: [file["online"] for file in video["files"]] for video in videos_of(archive).values()}
    assert online == {"one": [True, True], "two": [True]}


def test_what_decoding_told_is_kept(archive: Path) -> None:
    database = open_database(f"sqlite:///{archive / 'library' / 'library.db'}", purpose="read")
    with database.read() as tx:
        decoded = videos.decoded(tx, VideoId(videos_of(archive)["two"]["video"]))
    database.close()
    assert decoded is not None
    assert (decoded.frames, decoded.end_us, decoded.rate) == (100, 4_000_000, Fraction(25))
    assert decoded.stretches == (Stretch(0, 0),)


def draw_two_streams(path: Path) -> None:
    """A film with two video streams of the same length: 320x180, and 160x90."""
    with av.open(str(path), "w") as container:
        streams = []
        for width, height in ((320, 180), (160, 90)):
            stream = container.add_stream("libx264", rate=25)
            assert isinstance(stream, av.VideoStream)
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            streams.append(stream)
        for number in range(50):
            for stream in streams:
                grey = np.full((stream.height, stream.width, 3), 40 + 4 * number, np.uint8)
                container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        for stream in streams:
            container.mux(stream.encode(None))


def test_the_stream_that_is_the_video_stays_with_it(tmp_path: Path) -> None:
    """Whatever would be chosen today: clips come of the stream that was stored, copies included."""
    library, film = tmp_path / "library", tmp_path / "film.mp4"
    draw_two_streams(film)
    (entry,) = report_of(tmp_path, film).values()
    database = open_database(f"sqlite:///{library / 'library.db'}", purpose="write")
    with database.write() as tx:
        (location,) = videos.load(tx)[0].locations
        root, name = roots.named(tx, location.root), Path(film.name)
        videos.clear_place(tx, root=root, relative_path=name)
        facts = {"size": film.stat().st_size, "mtime_ns": film.stat().st_mtime_ns}
        other = 1 - location.stream_index
        videos.put_location(tx, entry["video"], root=root, relative_path=name, stream_index=other, **facts)
    database.close()
    opened = open_library(Settings(library=library))
    segment = opened.segments(entry["video"])[0].segment
    assert size_of(opened.clip(segment.id)) == [(320, 180), (160, 90)][other]


def test_reel_and_card_are_searched(tmp_path: Path) -> None:
    film = tmp_path / "film.mkv"
    draw_footage(film, seconds=2)
    retag(film, "-metadata", "reel_name=BT-0431", "-metadata", "com.zcam.camera.storage=Q7")
    (entry,) = report_of(tmp_path, film).values()
    database = open_database(f"sqlite:///{tmp_path / 'library' / 'library.db'}", purpose="read")
    with database.read() as tx:
        fields = videos.fields(tx, entry["video"])
    database.close()
    assert (fields["reel"], fields["card"]) == ("BT-0431", "Q7")
    first = run("search", "bt0431", "--json", library=tmp_path / "library").lines[0]
    assert first["video"] == entry["video"]
    assert {one["signal"] for one in first["evidence"]} & {"name"}
