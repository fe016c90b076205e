"""Watched folders on a real disk: files come, grow, move, change and go, and so do disks and watchers."""

import base64
import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from indexer.domain import MediaInfo
from indexer.errors import LibraryBusy, UsageError
from indexer.ingest.identity import Known, identify, record_place
from indexer.ingest.queueing import queue_files
from indexer.ingest.task import Stopped
from indexer.ingest.watched_folders import forget_folder, list_watched, watch_folder
from indexer.ingest.watcher import Watcher
from indexer.ingest.watching import Moment
from indexer.media import FoundFile
from indexer.store import Database, jobs, open_database, videos
from indexer.store.jobs import Verdict

INFO = MediaInfo("mov", "h264", 0, 640, 360, 0, None, None, None, None, None, None, None, "yuv420p")
SECOND_NS = 1_000_000_000
ODD = os.fsdecode(b"caf\xe9 \xff.mov")


@dataclass
class Site:
    """A folder of footage, a library, who watches, and a worker that looks at files without decoding them."""

    footage: Path
    database: Database
    now_s: float = 1_000_000.0
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    watcher: Watcher = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Another watcher, which remembers nothing."""
        self.watcher = Watcher(self.database, self._queue, self.said.append, self._clock)

    def write(self, name: str, content: str = "film", *, age_s: float = 0.0) -> Path:
        path = self.footage / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        written_ns = int((self.now_s - age_s) * SECOND_NS)
        os.utime(path, ns=(written_ns, written_ns))
        return path

    def look(self, *, after_s: float = 0.0) -> list[str]:
        """What one look asked for, by name; the worker has looked at it since."""
        self.now_s += after_s
        self.asked.clear()
        self.watcher.look()
        self.work()
        return sorted(self.asked)

    def settle(self) -> list[str]:
        """What comes of looking until nothing grows."""
        return sorted([*self.look(), *self.look(after_s=20), *self.look(after_s=20)])

    def work(self) -> None:
        """Look at what waits, as the first stage does; files that say so are unfit."""
        while (claim := self._claim()) is not None:
            path = Path(os.fsdecode(_bytes_of(claim.payload)))
            try:
                status = path.stat()
                unfit = path.read_text().startswith("unfit")
            except OSError:
                self._end(claim, Verdict("failed", "vanished", "gone"))
                continue
            if unfit:
                self._end(claim, Verdict("refused", "not_media", "unfit"))
                continue
            file = FoundFile(path, status.st_size, status.st_mtime_ns)
            known = identify(self.database, file)
            with self.database.write() as tx:
                if isinstance(known, Known):
                    video = known.video
                else:
                    video = videos.add(tx, info=INFO, fingerprint=known.fingerprint, title=path.stem, fields={})
                    record_place(tx, video, file, stream_index=0)
                jobs.finish(tx, claim, video=video)

    def known(self) -> dict[str, list[str]]:
        """{title: the files of it that are known and there}."""
        with self.database.read() as tx:
            return {
                video.title: sorted(str(one.path.relative_to(self.footage)) for one in video.locations if one.expected)
                for video in videos.load(tx)
            }

    def _queue(self, files: Iterable[FoundFile]) -> None:
        queued = queue_files(self.database, files, urgency="in turn")
        self.asked += [str(file.path.relative_to(self.footage)) for file in queued.units.values()]

    def _claim(self) -> jobs.Claim | None:
        with self.database.write() as tx:
            return jobs.claim(tx, "worker", need="cpu", lease_us=10**9)

    def _end(self, claim: jobs.Claim, verdict: Verdict) -> None:
        with self.database.write() as tx:
            jobs.give_up(tx, claim, verdict)

    def _clock(self) -> Moment:
        return Moment(self.now_s, int(self.now_s * SECOND_NS))


def _bytes_of(payload: jobs.Payload) -> bytes:
    return base64.b64decode(str(payload["path_bytes"]))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    footage = tmp_path.resolve() / "footage"
    footage.mkdir()
    database = open_database(f"sqlite:///{tmp_path / 'library.db'}", purpose="write")
    watch_folder(database, footage)
    yield Site(footage, database)
    database.close()


def test_new_files_are_queued_once_they_have_settled(site: Site) -> None:
    site.write("old.mov", "1", age_s=60)
    site.write(f"day 1/{ODD}", "2")
    site.write("notes.txt")
    assert site.look() == []
    assert site.look(after_s=3) == ["old.mov"]
    assert site.look(after_s=3) == []
    assert site.look(after_s=5) == [f"day 1/{ODD}"]
    assert site.look(after_s=60) == []
    assert sorted(site.known()) == ["caf\ufffd \ufffd", "old"]


def test_a_file_is_not_touched_while_it_grows(site: Site) -> None:
    for length in range(1, 6):
        site.write("a.mov", "x" * length)
        assert site.look(after_s=6) == []
    assert site.look(after_s=10) == ["a.mov"]
    assert site.look(after_s=10) == []


def test_only_one_look_takes_what_is_old(site: Site) -> None:
    site.write("old.mov", age_s=60)
    site.write("young.mov", age_s=1)
    look = site.watcher.look(patience="once")
    assert (site.asked, look.queued, look.growing) == (["old.mov"], 1, 1)


def test_who_watches_again_finds_what_happened_meanwhile(site: Site) -> None:
    site.write("a.mov", "1", age_s=60)
    site.write("b.mov", "2", age_s=60)
    assert site.settle() == ["a.mov", "b.mov"]
    site.write("b.mov", "22")
    site.write("c.mov", "3")
    (site.footage / "a.mov").unlink()
    site.restart()
    assert site.settle() == ["b.mov", "c.mov"]
    assert site.known()["a"] == []
    site.restart()
    assert site.settle() == []


def test_a_moved_or_renamed_file_is_the_same_video(site: Site) -> None:
    site.write("a.mov", "boats", age_s=60)
    site.settle()
    site.write("day 1/notes.txt")  # in a folder that holds nothing a share may be away
    (site.footage / "a.mov").rename(site.footage / "day 1" / "b.mov")
    assert site.settle() == ["day 1/b.mov"]
    assert site.known() == {"a": ["day 1/b.mov"]}
    (site.footage / "day 1" / "b.mov").rename(site.footage / "a.mov")
    assert site.settle() == ["a.mov"]
    assert site.known() == {"a": ["a.mov"]}


def test_a_folder_that_is_renamed_takes_its_files_along(site: Site) -> None:
    for number in range(3):
        site.write(f"day 1/{number}.mov", f"film {number}", age_s=60)
    site.settle()
    (site.footage / "day 1").rename(site.footage / "day 2")
    assert len(site.settle()) == 3
    assert site.known() == {str(number): [f"day 2/{number}.mov"] for number in range(3)}


def test_a_touched_file_is_looked_at_and_is_what_it_was(site: Site) -> None:
    site.write("a.mov", age_s=60)
    site.settle()
    site.write("a.mov")
    assert site.settle() == ["a.mov"]
    assert site.settle() == []
    assert site.known() == {"a": ["a.mov"]}


def test_a_file_that_is_gone_is_offline_and_back_when_it_is_back(site: Site) -> None:
    path = site.write("a.mov", "1", age_s=60)
    site.write("b.mov", "2", age_s=60)
    site.settle()
    kept = shutil.move(path, site.footage.parent / "a.mov")
    site.look()
    assert site.known() == {"a": [], "b": ["b.mov"]}
    assert site.said == [f"1 files of {site.footage} are not where they were: offline, and searchable as before"]
    site.look()
    assert len(site.said) == 1
    shutil.move(kept, path)
    assert site.settle() == ["a.mov"]
    assert site.known() == {"a": ["a.mov"], "b": ["b.mov"]}


@pytest.mark.parametrize("how", ["empty", "missing"])
def test_a_share_that_is_away_loses_nothing(site: Site, how: str) -> None:
    site.write("a.mov", age_s=60)
    site.settle()
    unplugged = site.footage.rename(site.footage.parent / "unplugged")
    if how == "empty":
        site.footage.mkdir()
    look = site.watcher.look()
    site.watcher.look()
    assert (look.away, look.gone) == ((site.footage,), 0)
    assert site.said == [f"{site.footage} is away or empty; what is known of it stays, and it is looked for"]
    assert site.known() == {"a": ["a.mov"]}
    if how == "empty":
        site.footage.rmdir()
    unplugged.rename(site.footage)
    assert site.look() == []
    assert site.said[1:] == [f"{site.footage} is back"]
    assert site.known() == {"a": ["a.mov"]}


def test_a_disk_inside_the_folder_that_is_away_loses_nothing(site: Site) -> None:
    site.write("disk/a.mov", "1", age_s=60)
    site.write("b.mov", "2", age_s=60)
    site.settle()
    (site.footage / "disk" / "a.mov").rename(site.footage.parent / "a.mov")  # the mount point is an empty folder now
    site.look()
    site.look()
    assert site.known() == {"a": ["disk/a.mov"], "b": ["b.mov"]}
    assert len(site.said) == 1
    assert "away with their disk" in site.said[0]


def test_what_was_refused_is_not_asked_again_until_it_changes(site: Site) -> None:
    site.write("bad.mov", "unfit", age_s=60)
    assert site.settle() == ["bad.mov"]
    site.restart()
    assert site.settle() == []
    site.write("bad.mov", "a film now")
    assert site.settle() == ["bad.mov"]
    assert site.known() == {"bad": ["bad.mov"]}
    site.write("bad.mov", "unfit again")
    assert site.settle() == ["bad.mov"]
    assert site.settle() == []


def test_what_vanished_before_its_turn_is_taken_when_it_is_back(site: Site) -> None:
    path = site.write("a.mov", age_s=60)
    site.watcher.look(patience="once")
    kept = shutil.move(path, site.footage.parent / "a.mov")
    site.work()
    assert site.settle() == []
    shutil.move(kept, path)
    assert site.settle() == ["a.mov"]
    assert site.known() == {"a": ["a.mov"]}


def test_what_waits_already_is_not_asked_again(site: Site) -> None:
    site.write("a.mov", age_s=60)
    site.watcher.look(patience="once")
    site.restart()
    site.asked.clear()
    site.watcher.look(patience="once")
    assert site.asked == []


def test_a_removed_video_stays_removed(site: Site) -> None:
    site.write("a.mov", age_s=60)
    site.settle()
    with site.database.write() as tx:
        videos.remove(tx, videos.load(tx)[0].id)
    site.restart()
    assert site.settle() == []
    site.write("a.mov", "another film")
    assert site.settle() == ["a.mov"]


def test_patterns_say_what_is_watched(site: Site) -> None:
    watch_folder(site.database, site.footage, include=["*.mxf", "day 1/"], exclude=["proxies/"])
    for name in ("a.MXF", "a.mov", "day 1/b.mov", "day 1/proxies/b.mov", "proxies/c.mxf"):
        site.write(name, name, age_s=60)
    assert site.settle() == ["a.MXF", "day 1/b.mov"]


def test_files_that_are_no_longer_meant_are_neither_gone_nor_asked_for(site: Site) -> None:
    site.write("a.mov", age_s=60)
    site.settle()
    watch_folder(site.database, site.footage, exclude=["*.mov"])
    site.write("a.mov", "changed")
    assert site.settle() == []
    assert (site.known(), site.said) == ({"a": ["a.mov"]}, [])


def test_a_folder_in_a_folder_has_patterns_of_its_own(site: Site) -> None:
    (site.footage / "inner").mkdir()
    watch_folder(site.database, site.footage, exclude=["*.mxf"])
    watch_folder(site.database, site.footage / "inner", include=["*.mxf"], settle_s=0)
    for name in ("a.mov", "a.mxf", "inner/b.mov", "inner/b.mxf"):
        site.write(name, name, age_s=60)
    assert site.settle() == ["a.mov", "inner/b.mxf"]
    assert site.settle() == []
    assert site.known() == {"a": ["a.mov"], "b": ["inner/b.mxf"]}


def test_a_folder_that_is_forgotten_is_not_looked_into(site: Site) -> None:
    site.write("a.mov", age_s=60)
    forget_folder(site.database, site.footage)
    assert site.settle() == []
    with pytest.raises(UsageError, match="is not watched"):
        forget_folder(site.database, site.footage)


def test_registering_again_changes_only_what_is_said(site: Site) -> None:
    watch_folder(site.database, site.footage, exclude=["a"], settle_s=3)
    watch_folder(site.database, site.footage / ".." / "footage", include=["b"])
    (only,) = list_watched(site.database)
    assert (only.path, only.include, only.exclude, only.settle_s) == (site.footage, ("b",), ("a",), 3)


def test_what_cannot_be_watched_is_told(site: Site) -> None:
    with pytest.raises(UsageError, match="no folder"):
        watch_folder(site.database, site.write("a.mov"))
    with pytest.raises(UsageError, match="no folder"):
        watch_folder(site.database, site.footage / "nowhere")
    with pytest.raises(UsageError, match="'!a'"):
        watch_folder(site.database, site.footage, exclude=["!a"])
    for bad in (-1.0, float("nan"), float("inf")):
        with pytest.raises(UsageError, match="--settle"):
            watch_folder(site.database, site.footage, settle_s=bad)


def test_it_looks_until_it_is_stopped_and_waits_for_a_busy_library(site: Site) -> None:
    site.write("a.mov", age_s=60)
    tries = 0

    def busy_at_first(files: Iterable[FoundFile]) -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise LibraryBusy("the disk is full")
        assert [file.path.name for file in files] == ["a.mov"]
        watcher.stop()

    watcher = Watcher(site.database, busy_at_first, site.said.append, site._clock)
    thread = threading.Thread(target=watcher.watch, kwargs={"interval_s": 0.01})
    thread.start()
    thread.join(timeout=60)
    assert not thread.is_alive()
    assert site.said == ["the disk is full; waiting, nothing is lost"]


def test_it_stops_in_the_middle_of_a_look(site: Site) -> None:
    site.write("a.mov", age_s=60)
    site.watcher.stop()
    with pytest.raises(Stopped):
        site.watcher.look()
    site.watcher.watch()
