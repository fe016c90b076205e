"""Registered folders on a real disk: one edit when a share is mounted elsewhere."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from indexer.domain import Fingerprint, MediaInfo, VideoId
from indexer.errors import UsageError
from indexer.ingest.roots import add_folder, list_folders, move_folder, remove_folder, rename_folder
from indexer.store import Database, open_database, roots, videos

INFO = MediaInfo("mov", "h264", 0, 640, 360, 0, None, None, None, None, None, None, None, "yuv420p")
ODD = os.fsdecode(b"caf\xe9 \xff")


@dataclass
class Archive:
    """Folders with files of 4 bytes, and a library that knows them."""

    disk: Path
    database: Database

    def put(self, name: str) -> VideoId:
        """A file at `disk / name`, known in the root around it."""
        path = self.disk / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"film")
        with self.database.write() as tx:
            root = roots.around(tx, path)
            assert root is not None
            video = videos.add(tx, info=INFO, fingerprint=Fingerprint(4, name), title=name, fields={})
            relative = path.relative_to(root.path)
            videos.put_location(tx, video, root=root, relative_path=relative, stream_index=0, size=4, mtime_ns=1)
        return video

    def add_root(self, name: str, folder: str) -> None:
        (self.disk / folder).mkdir(parents=True, exist_ok=True)
        add_folder(self.database, name, self.disk / folder)

    def paths(self) -> dict[str, Path | None]:
        """{title: a file of it that can be read}."""
        with self.database.read() as tx:
            return {video.title: video.path for video in videos.load(tx)}

    def listed(self) -> dict[str, tuple[int, bool]]:
        with self.database.read() as tx:
            return {one.name: (one.files, one.online) for one in list_folders(tx)}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    (tmp_path / "disk").mkdir()
    database = open_database(f"sqlite:///{tmp_path / 'library.db'}", purpose="write")
    yield Archive((tmp_path / "disk").resolve(), database)
    database.close()


def test_a_share_mounted_elsewhere_is_one_edit(archive: Archive) -> None:
    disk = archive.disk
    archive.add_root("tapes", f"mnt/{ODD}")
    names = [f"mnt/{ODD}/{name}" for name in ("a.mov", f"{ODD}/b.mov", "c.mov")]
    for name in names:
        archive.put(name)
    (disk / "mnt" / ODD).rename(disk / "volume")
    assert archive.listed() == {"tapes": (3, False)}
    (disk / "volume" / "c.mov").unlink()
    moved = move_folder(archive.database, "tapes", Path(f"{disk / 'volume'}/"))
    assert (moved.files, moved.found, moved.folder.path) == (3, 2, disk / "volume")
    expected = [disk / "volume" / "a.mov", disk / "volume" / ODD / "b.mov", None]
    assert sorted(archive.paths().values(), key=str) == sorted(expected, key=str)
    assert archive.listed() == {"tapes": (3, True)}


def test_files_that_were_missed_come_back_with_the_move(archive: Archive) -> None:
    archive.add_root("tapes", "old")
    archive.put("old/a.mov")
    with archive.database.write() as tx:
        videos.set_online(tx, roots.named(tx, "tapes"), Path("a.mov"), online="no")
    (archive.disk / "old").rename(archive.disk / "new")
    move_folder(archive.database, "tapes", archive.disk / "new")
    assert list(archive.paths().values()) == [archive.disk / "new" / "a.mov"]


@pytest.mark.parametrize("content", [None, b"another film"])
def test_a_folder_that_holds_none_of_the_files_is_refused_unless_forced(
    archive: Archive, content: bytes | None
) -> None:
    archive.add_root("tapes", "old")
    archive.put("old/a.mov")
    new = archive.disk / "new"
    new.mkdir()
    if content is not None:
        (new / "a.mov").write_bytes(content)
    with pytest.raises(UsageError, match=r"none of the 1 files of 'tapes'.*new/a\.mov.*--force"):
        move_folder(archive.database, "tapes", new)
    with pytest.raises(UsageError, match="there is no folder"):
        move_folder(archive.database, "tapes", archive.disk / "nowhere")
    forced = move_folder(archive.database, "tapes", archive.disk / "nowhere", wanted="nothing")
    assert (forced.found, forced.folder.path, forced.folder.online) == (0, archive.disk / "nowhere", False)


def test_a_root_without_files_can_go_anywhere(archive: Archive) -> None:
    archive.add_root("tapes", "old")
    archive.add_root("others", "new")
    assert move_folder(archive.database, "tapes", archive.disk).folder.path == archive.disk
    assert archive.listed() == {"others": (0, False), "tapes": (0, True)}


def test_roots_inside_move_along(archive: Archive) -> None:
    archive.add_root("archive", "old")
    archive.add_root("news", "old/news")
    for name in ("old/a.mov", "old/news/b.mov"):
        archive.put(name)
    (archive.disk / "old").rename(archive.disk / "new")
    moved = move_folder(archive.database, "archive", archive.disk / "new")
    assert (moved.files, moved.found) == (2, 2)
    assert archive.paths() == {
        "old/a.mov": archive.disk / "new" / "a.mov",
        "old/news/b.mov": archive.disk / "new" / "news" / "b.mov",
    }


def test_a_share_inside_that_stayed_where_it_was_stays(archive: Archive) -> None:
    archive.add_root("archive", "old")
    archive.add_root("news", "old/news")
    for name in ("old/a.mov", "old/news/b.mov"):
        archive.put(name)
    (archive.disk / "new").mkdir()
    (archive.disk / "old" / "a.mov").rename(archive.disk / "new" / "a.mov")
    moved = move_folder(archive.database, "archive", archive.disk / "new")
    assert (moved.files, moved.found) == (1, 1)
    assert archive.paths()["old/news/b.mov"] == archive.disk / "old" / "news" / "b.mov"


def test_moving_to_a_folder_that_is_registered_makes_them_one(archive: Archive) -> None:
    archive.add_root("old", "old")
    archive.put("old/a.mov")
    (archive.disk / "old").rename(archive.disk / "new")
    archive.add_root("new", "new")
    moved = move_folder(archive.database, "old", archive.disk / "new")
    assert moved.folder.name == "new"
    assert archive.listed() == {"new": (1, True)}
    assert archive.paths() == {"old/a.mov": archive.disk / "new" / "a.mov"}


def test_a_link_to_a_folder_is_the_folder(archive: Archive) -> None:
    archive.add_root("tapes", "real")
    (archive.disk / "link").symlink_to(archive.disk / "real")
    with pytest.raises(UsageError, match="registered as 'tapes'"):
        add_folder(archive.database, "again", archive.disk / "link")


def test_what_is_no_folder_is_not_registered(archive: Archive) -> None:
    (archive.disk / "a.mov").touch()
    for name in ("a.mov", "nowhere"):
        with pytest.raises(UsageError, match=f"no folder .*{name}"):
            add_folder(archive.database, "tapes", archive.disk / name)


def test_only_a_folder_without_last_files_is_removed(archive: Archive) -> None:
    archive.add_root("tapes", "tapes")
    archive.put("tapes/a.mov")
    with pytest.raises(UsageError, match="1 videos have files in 'tapes' only"):
        remove_folder(archive.database, "tapes")
    archive.add_root("all", ".")
    remove_folder(archive.database, "tapes")
    assert archive.listed() == {"all": (1, True)}
    assert archive.paths() == {"tapes/a.mov": archive.disk / "tapes" / "a.mov"}
    archive.add_root("empty", "empty")
    remove_folder(archive.database, "empty")
    assert list(archive.listed()) == ["all"]


def test_a_new_name_is_for_people_only(archive: Archive) -> None:
    archive.add_root("tapes", "tapes")
    archive.put("tapes/a.mov")
    assert rename_folder(archive.database, "tapes", "Łódź").files == 1
    assert archive.paths() == {"tapes/a.mov": archive.disk / "tapes" / "a.mov"}
    with pytest.raises(UsageError, match="no registered folder 'tapes'"):
        rename_folder(archive.database, "tapes", "x")
