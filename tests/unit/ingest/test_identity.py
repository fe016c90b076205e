"""Which video a file is, from its place and its bytes. The bytes need be no film: nothing here decodes them."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from indexer.domain import Decoded, MediaInfo, Video, VideoId
from indexer.ingest.identity import Entered, Known, New, counterpart, enter, identify, resolved
from indexer.media import FoundFile
from indexer.store import Database, open_database, roots, videos

INFO = MediaInfo("mov", "h264", 1, 640, 360, 0, None, None, None, None, None, None, None, "yuv420p")
TEN_SECONDS = Decoded(250, 10_000_000, None)


@dataclass
class Shelf:
    """A folder `tapes`, registered, and a library; what a file holds is its text."""

    disk: Path
    database: Database

    def write(self, name: str, text: str) -> FoundFile:
        path = self.disk / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return self.found(name)

    def found(self, name: str) -> FoundFile:
        status = (self.disk / name).stat()
        return resolved(FoundFile(self.disk / name, status.st_size, status.st_mtime_ns))

    def register(self, name: str) -> None:
        with self.database.write() as tx:
            roots.add(tx, (self.disk / name).resolve())

    def add(self, name: str, text: str, *, decoded: Decoded = TEN_SECONDS, info: MediaInfo = INFO) -> Entered:
        """Write the file, and enter it as decoding it would."""
        file = self.write(name, text)
        new = identify(self.database, file)
        assert isinstance(new, New)
        still = counterpart(self.database, file, decoded)
        with self.database.write() as tx:
            entered = enter(tx, file, new, info=info, title=info.title or file.path.stem, still=still)
            videos.set_decoded(tx, entered.video, decoded)
        return entered

    def again(self, name: str) -> Known:
        known = identify(self.database, self.found(name))
        assert isinstance(known, Known)
        return known

    def video(self, video: VideoId) -> Video:
        with self.database.read() as tx:
            return videos.load(tx, [video])[0]

    def names(self, video: VideoId) -> list[str]:
        return [str(location.path.relative_to(self.disk)) for location in self.video(video).locations]


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    (tmp_path / "disk" / "tapes").mkdir(parents=True)
    database = open_database(f"sqlite:///{tmp_path / 'library.db'}", purpose="write")
    shelf = Shelf((tmp_path / "disk").resolve(), database)
    shelf.register("tapes")
    yield shelf
    database.close()


def test_a_known_file_is_known_by_its_place(shelf: Shelf) -> None:
    video = shelf.add("tapes/a.mov", "harbour").video
    known = shelf.again("tapes/a.mov")
    assert (known.video, known.reason, known.complete, known.stream_index) == (video, "unchanged", False, 1)


def test_a_file_with_a_new_date_is_known_by_its_content(shelf: Shelf) -> None:
    video = shelf.add("tapes/a.mov", "harbour").video
    os.utime(shelf.disk / "tapes/a.mov", ns=(1, 1))
    assert (shelf.again("tapes/a.mov").reason, shelf.names(video)) == ("unchanged", ["tapes/a.mov"])


def test_a_file_reached_through_a_link_is_not_a_copy_of_itself(shelf: Shelf) -> None:
    video = shelf.add("tapes/a.mov", "harbour").video
    (shelf.disk / "link").symlink_to(shelf.disk / "tapes")
    os.utime(shelf.disk / "tapes/a.mov", ns=(1, 1))
    assert (shelf.again("link/a.mov").reason, shelf.names(video)) == ("unchanged", ["tapes/a.mov"])


def test_a_copy_is_a_second_place_with_the_same_stream(shelf: Shelf) -> None:
    video = shelf.add("tapes/a.mov", "harbour").video
    shelf.write("tapes/b.mov", "harbour")
    known = shelf.again("tapes/b.mov")
    assert (known.video, known.reason, known.stream_index) == (video, "copy", 1)
    assert [location.stream_index for location in shelf.video(video).locations] == [1, 1]
    assert shelf.names(video) == ["tapes/a.mov", "tapes/b.mov"]


def test_a_moved_file_leaves_its_old_place(shelf: Shelf) -> None:
    video = shelf.add("tapes/a.mov", "harbour").video
    shelf.add("tapes/other.mov", "meadow")
    shutil.move(shelf.disk / "tapes/a.mov", shelf.disk / "tapes/b.mov")
    known = shelf.again("tapes/b.mov")
    assert (known.video, known.reason, known.stream_index) == (video, "moved", 1)
    assert shelf.names(video) == ["tapes/b.mov"]


@pytest.mark.parametrize("left_behind", ["nothing", "an empty folder"])
def test_a_share_that_is_away_keeps_its_places(shelf: Shelf, left_behind: str) -> None:
    video = shelf.add("tapes/a.mov", "harbour").video
    (shelf.disk / "tapes").rename(shelf.disk / "unplugged")
    if left_behind == "an empty folder":
        (shelf.disk / "tapes").mkdir()
    shelf.write("copies/a.mov", "harbour")
    known = shelf.again("copies/a.mov")
    assert (known.reason, "cannot be read now" in known.message) == ("moved", True)
    assert shelf.video(video).path == shelf.disk / "copies/a.mov"
    assert shelf.names(video) == ["tapes/a.mov", "copies/a.mov"]
    shutil.rmtree(shelf.disk / "tapes", ignore_errors=True)
    (shelf.disk / "unplugged").rename(shelf.disk / "tapes")
    assert [location.online for location in shelf.video(video).locations] == [True, True]


def test_a_share_mounted_twice_has_every_file_twice(shelf: Shelf) -> None:
    video = shelf.add("tapes/a.mov", "harbour").video
    shutil.copytree(shelf.disk / "tapes", shelf.disk / "mounted again")
    assert shelf.again("mounted again/a.mov").reason == "copy"
    assert shelf.names(video) == ["tapes/a.mov", "mounted again/a.mov"]


def test_new_bytes_with_the_same_footage_are_the_same_video(shelf: Shelf) -> None:
    first = shelf.add("tapes/a.mov", "harbour")
    shelf.write("tapes/copy.mov", "harbour")
    shelf.again("tapes/copy.mov")
    stated = replace(INFO, title="Harbour, 1987", recorded_at="1987-04-12", stream_index=0)
    again = shelf.add("tapes/a.mov", "harbour with a title", info=stated)
    assert again.video == first.video
    assert "'a'" in again.warnings[0], "the title that was"
    video = shelf.video(first.video)
    assert (video.title, video.recorded_at) == ("Harbour, 1987", "1987-04-12")
    streams = {location.path.name: location.stream_index for location in video.locations}
    assert streams == {"a.mov": 0, "copy.mov": 1}
    for name, text, stream in (("b.mov", "harbour", 1), ("c.mov", "harbour with a title", 0)):
        shelf.write(f"tapes/{name}", text)
        known = shelf.again(f"tapes/{name}")
        assert (known.video, known.stream_index) == (first.video, stream)


def test_new_bytes_without_a_title_keep_the_old_one(shelf: Shelf) -> None:
    first = shelf.add("tapes/a.mov", "harbour", info=replace(INFO, title="Harbour"))
    shelf.add("tapes/a.mov", "stripped")
    assert shelf.video(first.video).title == "Harbour"


@pytest.mark.parametrize("decoded", [replace(TEN_SECONDS, frames=249), replace(TEN_SECONDS, end_us=9_960_000)])
def test_other_footage_at_a_known_place_is_a_new_video(shelf: Shelf, decoded: Decoded) -> None:
    first = shelf.add("tapes/a.mov", "harbour")
    again = shelf.add("tapes/a.mov", "meadow", decoded=decoded)
    assert again.video != first.video
    assert first.video in again.warnings[0]
    assert "offline" in again.warnings[0]
    assert shelf.names(again.video) == ["tapes/a.mov"]
    lost = shelf.video(first.video)
    assert (lost.state, lost.duration_us) == ("offline", 10_000_000)
    shelf.write("tapes/b.mov", "harbour")
    assert shelf.again("tapes/b.mov").video == first.video, "known again when it comes back"


def test_of_two_copies_one_replaced_leaves_the_other(shelf: Shelf) -> None:
    first = shelf.add("tapes/a.mov", "harbour")
    shelf.write("tapes/b.mov", "harbour")
    shelf.again("tapes/b.mov")
    again = shelf.add("tapes/a.mov", "meadow", decoded=replace(TEN_SECONDS, frames=1))
    assert "other files" in again.warnings[0]
    assert shelf.names(first.video) == ["tapes/b.mov"]


def test_a_known_film_in_the_place_of_another_is_told(shelf: Shelf) -> None:
    harbour = shelf.add("tapes/a.mov", "harbour").video
    meadow = shelf.add("tapes/b.mov", "meadow", info=replace(INFO, stream_index=0)).video
    shelf.write("tapes/a.mov", "meadow")
    known = shelf.again("tapes/a.mov")
    assert (known.video, known.reason) == (meadow, "copy")
    assert harbour in known.warnings[0]
    assert (shelf.names(harbour), shelf.names(meadow)) == ([], ["tapes/b.mov", "tapes/a.mov"])


def test_re_tagged_and_moved_at_once_is_new(shelf: Shelf) -> None:
    first = shelf.add("tapes/a.mov", "harbour")
    (shelf.disk / "tapes/a.mov").unlink()
    assert shelf.add("tapes/b.mov", "harbour with a title").video != first.video


def test_a_video_whose_frames_were_never_counted_is_not_another_file_s(shelf: Shelf) -> None:
    file = shelf.write("tapes/a.mov", "harbour")
    new = identify(shelf.database, file)
    assert isinstance(new, New)
    with shelf.database.write() as tx:
        first = enter(tx, file, new, info=INFO, title="a", still=None).video
    assert shelf.add("tapes/a.mov", "harbour with a title").video != first


def test_a_file_outside_every_root_makes_its_folder_one(shelf: Shelf) -> None:
    shelf.add("tapes/day 1/a.mov", "harbour")
    shelf.add("loose/b.mov", "meadow")
    with shelf.database.read() as tx:
        assert roots.file_counts(tx) == {"tapes": 1, "loose": 1}
