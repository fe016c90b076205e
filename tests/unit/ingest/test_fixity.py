"""Hashes of whole files on a real disk: recorded by the step, compared again, and what damage looks like."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from indexer.domain import Fingerprint, MediaInfo, VideoId
from indexer.errors import MediaFailed, MediaRefused, UsageError
from indexer.ingest.fixity import (
    CheckMoment,
    check_files,
    files_to_check,
    fixity_status,
    fixity_units,
    record_fixity,
    stop_recording,
    write_manifest,
)
from indexer.ingest.sources import ShareAway
from indexer.ingest.steps.fixity import TRIES, record_hash
from indexer.ingest.task import Orders, Stopped, Task
from indexer.ingest.workbench import Captioners, Workbench
from indexer.library_folder import LibraryFolder
from indexer.store import Database, fixity, jobs, open_database, roots, videos
from tests.fakes.captioners import FakeCaptioner
from tests.fakes.embedders import HashEmbedder

INFO = MediaInfo("mov", "h264", 0, 640, 360, 0, None, None, None, None, None, None, None, "yuv420p")
ODD = os.fsdecode(b"caf\xe9\\ \n.mov")


@dataclass
class Archive:
    folder: Path
    database: Database
    bench: Workbench

    def add(self, name: str, content: bytes) -> VideoId:
        """A file that was looked at, and its video."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return self.look(name)

    def look(self, name: str) -> VideoId:
        found = (self.folder / name).stat()
        with self.database.write() as tx:
            (root,) = roots.load(tx)
            video = videos.add(tx, info=INFO, fingerprint=Fingerprint(1, name), title=name, fields={})
            facts = {"stream_index": 0, "size": found.st_size, "mtime_ns": found.st_mtime_ns}
            videos.put_location(tx, video, root=root, relative_path=Path(name), **facts)
        return video

    def claim(self) -> Task | None:
        with self.database.write() as tx:
            claim = jobs.claim(tx, "worker", need="cpu", lease_us=10**9)
        return None if claim is None else Task(claim, self.database, Orders(), 10**9)

    def work(self) -> int:
        """Do all that waits. Returns how many units that was."""
        count = 0
        while (task := self.claim()) is not None:
            record_hash(self.bench, task)
            count += 1
        return count

    def check(self) -> dict[str, str]:
        found = check_files(self.database, files_to_check(self.database), tell=lambda _: None)
        return {one.file.path.name: one.finding for one in found}

    def hashes(self) -> dict[str, str | None]:
        with self.database.read() as tx:
            return {one.path.name: one.sha256 for one in fixity.hashed(tx)}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    folder = tmp_path.resolve() / "footage"
    folder.mkdir()
    library = LibraryFolder(tmp_path / "library")
    library.create()
    database = open_database(f"sqlite:///{library.database_file}", purpose="write")
    with database.write() as tx:
        roots.add(tx, folder)
    bench = Workbench(library, database, "standard", Captioners(lambda _: FakeCaptioner()), HashEmbedder)
    yield Archive(folder, database, bench)
    database.close()


def test_every_file_gets_the_sha256_of_all_its_bytes(archive: Archive) -> None:
    contents = {"a.mov": b"", ODD: os.urandom(5 << 20), "c.mov": b"film"}
    for name, content in contents.items():
        archive.add(name, content)
    assert record_fixity(archive.database) == 3
    assert archive.work() == 3
    assert archive.hashes() == {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    assert (record_fixity(archive.database), archive.work()) == (0, 0)
    assert set(archive.check().values()) == {"intact"}


def test_files_that_are_added_later_get_one_while_it_is_on(archive: Archive) -> None:
    video = archive.add("a.mov", b"a")

    def units() -> int:
        with archive.database.write() as tx:
            return len(fixity_units(tx, video))

    assert units() == 0
    record_fixity(archive.database)
    assert units() == 1
    stop_recording(archive.database)
    assert (units(), archive.work()) == (0, 0)
    assert not fixity_status(archive.database).recording
    record_fixity(archive.database)
    archive.work()
    assert units() == 0


def test_one_flipped_byte_is_found_under_the_same_size_and_date(archive: Archive) -> None:
    archive.add("a.mov", bytes(9 << 20))
    archive.add("b.mov", b"film")
    record_fixity(archive.database)
    archive.work()
    path = archive.folder / "a.mov"
    before = path.stat()
    with path.open("r+b") as file:
        file.seek(5_000_001)
        file.write(b"\x01")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    findings = list(check_files(archive.database, files_to_check(archive.database), tell=lambda _: None))
    assert {one.file.path.name: one.finding for one in findings} == {"a.mov": "changed", "b.mov": "intact"}
    assert any("damage" in one.message for one in findings)
    status = fixity_status(archive.database)
    assert (status.counts.changed, [one.file.path for one in status.bad]) == (1, [path])
    with path.open("r+b") as file:
        file.seek(5_000_001)
        file.write(b"\x00")
    assert archive.check()["a.mov"] == "intact"
    assert fixity_status(archive.database).bad == ()


def test_a_file_that_was_changed_on_purpose_is_told_as_changed_until_it_is_added_again(archive: Archive) -> None:
    archive.add("a.mov", b"film")
    record_fixity(archive.database)
    archive.work()
    (archive.folder / "a.mov").write_bytes(b"film, with a title")
    (finding,) = check_files(archive.database, files_to_check(archive.database), tell=lambda _: None)
    assert (finding.finding, "on purpose" in finding.message) == ("changed", True)
    archive.look("a.mov")
    assert archive.hashes() == {}
    record_fixity(archive.database)
    archive.work()
    assert archive.check() == {"a.mov": "intact"}


def test_a_touched_file_is_intact(archive: Archive) -> None:
    archive.add("a.mov", b"film")
    record_fixity(archive.database)
    archive.work()
    os.utime(archive.folder / "a.mov", ns=(1, 1))
    assert archive.check() == {"a.mov": "intact"}


def test_what_is_missing_away_or_unreadable_is_told_apart(archive: Archive) -> None:
    for name in ("gone.mov", "kept.mov", "disk/away.mov", "folder.mov"):
        archive.add(name, b"film")
    record_fixity(archive.database)
    archive.work()
    (archive.folder / "gone.mov").unlink()
    (archive.folder / "disk" / "away.mov").unlink()
    (archive.folder / "folder.mov").unlink()
    (archive.folder / "folder.mov").mkdir()
    found = {"gone.mov": "missing", "kept.mov": "intact", "away.mov": "away", "folder.mov": "unreadable"}
    assert archive.check() == found
    assert fixity_status(archive.database).counts.unreadable == 1


def test_a_check_that_was_cut_short_goes_on(archive: Archive) -> None:
    for number in range(4):
        archive.add(f"{number}.mov", b"film")
    record_fixity(archive.database)
    archive.work()
    with archive.database.write() as tx:
        tx.connection().exec_driver_sql("UPDATE location SET hashed_at = '2020-01-01T00:00:00+00:00'")
    since = "2021-01-01T00:00:00+00:00"
    checking = check_files(archive.database, files_to_check(archive.database, since=since), tell=lambda _: None)
    first = [next(checking).file.path.name for _ in range(2)]
    del checking
    rest = files_to_check(archive.database, since=since)
    assert sorted(first + [one.path.name for one in rest]) == [f"{number}.mov" for number in range(4)]
    assert len(rest) == 2
    assert [one.path.name for one in files_to_check(archive.database)][:2] == [one.path.name for one in rest]


def test_it_tells_how_far_it_is(archive: Archive) -> None:
    archive.add("a.mov", bytes(9 << 20))
    archive.add("b.mov", b"film")
    record_fixity(archive.database)
    archive.work()
    moments: list[CheckMoment] = []
    list(check_files(archive.database, files_to_check(archive.database), tell=moments.append))
    done = [moment.bytes_done for moment in moments]
    assert done == sorted(done)
    assert (done[-1], moments[-1].bytes_total) == ((9 << 20) + 4,) * 2
    assert [moment.files_done for moment in moments if moment.finding is not None] == [1, 2]


def test_a_file_that_has_changed_is_put_off_and_not_recorded(archive: Archive) -> None:
    archive.add("a.mov", b"film")
    record_fixity(archive.database)
    (archive.folder / "a.mov").write_bytes(b"longer film")
    for _ in range(TRIES - 1):
        task = archive.claim()
        assert task is not None
        record_hash(archive.bench, task)
        assert archive.claim() is None, "it is tried again later"
        with archive.database.write() as tx:
            tx.connection().exec_driver_sql("UPDATE work_unit SET not_before_us = 0")
    task = archive.claim()
    assert task is not None
    with pytest.raises(MediaFailed, match="add it again"):
        record_hash(archive.bench, task)
    assert archive.hashes() == {}


def test_a_unit_whose_file_is_away_gone_or_forgotten(archive: Archive) -> None:
    archive.add("a.mov", b"film")
    record_fixity(archive.database)
    task = archive.claim()
    assert task is not None
    kept = shutil.move(archive.folder / "a.mov", archive.folder.parent / "a.mov")
    with pytest.raises(ShareAway, match="footage is away"):
        record_hash(archive.bench, task)
    (archive.folder / "other.mov").touch()
    with pytest.raises(MediaRefused, match="no such file"):
        record_hash(archive.bench, task)
    shutil.move(kept, archive.folder / "a.mov")
    task.orders.stop.set()
    with pytest.raises(Stopped):
        record_hash(archive.bench, task)
    assert archive.hashes() == {}
    task.orders.stop.clear()
    with archive.database.write() as tx:
        tx.connection().exec_driver_sql("DELETE FROM location")
    record_hash(archive.bench, task)
    assert task.ended


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum on this machine")
def test_a_manifest_is_what_sha256sum_reads(archive: Archive, tmp_path: Path) -> None:
    names = ("a.mov", ODD, "day 1/b.mov")
    for name in names:
        archive.add(name, name.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError, match="shotlist fixity record"):
        write_manifest(archive.database, tmp_path / "manifest")
    record_fixity(archive.database)
    archive.work()
    for folder, cwd in ((None, tmp_path), ("footage", archive.folder)):
        assert write_manifest(archive.database, tmp_path / "manifest", folder=folder) == 3
        said = subprocess.run(["sha256sum", "--check", tmp_path / "manifest"], cwd=cwd, capture_output=True, check=True)
        assert said.stdout.count(b"OK") == 3
    (archive.folder / "a.mov").write_bytes(b"other")
    done = subprocess.run(["sha256sum", "--check", tmp_path / "manifest"], cwd=archive.folder, capture_output=True)
    assert done.returncode == 1
