"""Watched folders, what is known of the files in them, and hashes of whole files: on SQLite and on PostgreSQL."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.domain import Fingerprint, Location, MediaInfo, VideoId
from indexer.ingest.planning import looking_unit
from indexer.media import FoundFile
from indexer.store import Transaction, fixity, jobs, open_database, roots, upgrade_schema, videos, watched
from indexer.store.jobs import NewUnit, Verdict
from indexer.store.watched import Sight, WatchedFolder

INFO = MediaInfo("mov", "h264", 0, 640, 360, 0, None, None, None, None, None, None, None, "yuv420p")
ODD = os.fsdecode(b"caf\xe9 \xff")
SHA = "ab" * 32


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def tx(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Transaction]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'library.db'}" if sqlite else str(request.getfixturevalue("postgres_url"))
    upgrade_schema(url)
    database = open_database(url, purpose="write")
    with database.write() as tx:
        yield tx
    database.close()


def put(tx: Transaction, path: str, *, size: int = 7, mtime_ns: int = 2**60, stream_index: int = 0) -> VideoId:
    """A file in the root around it, and its video: one a name."""
    root = roots.around(tx, Path(path))
    assert root is not None
    name = Path(path).name
    video = videos.add(tx, info=INFO, fingerprint=Fingerprint(7, name), title=name, fields={})
    facts = {"stream_index": stream_index, "size": size, "mtime_ns": mtime_ns}
    videos.put_location(tx, video, root=root, relative_path=Path(path).relative_to(root.path), **facts)
    return video


def ask(tx: Transaction, path: str) -> jobs.Claim:
    """A file that is being looked at, by the only worker."""
    jobs.put(tx, [looking_unit(FoundFile(Path(path), 5, 6), urgency="in turn")])
    claim = jobs.claim(tx, "worker", need="cpu", lease_us=10**9)
    assert claim is not None
    return claim


class TestWatchedFolders:
    def test_they_are_kept_with_their_patterns(self, tx: Transaction) -> None:
        one = WatchedFolder(Path(f"/b/{ODD}"), ("*.mov", "é\n"), ("x/",), 0.5)
        watched.put(tx, one)
        watched.put(tx, WatchedFolder(Path("/a")))
        watched.put(tx, changed := replace(one, include=(), settle_s=20.0))
        assert watched.load(tx) == [WatchedFolder(Path("/a"), settle_s=10.0), changed]
        watched.remove(tx, one.path)
        watched.remove(tx, Path("/nowhere"))
        assert [folder.path for folder in watched.load(tx)] == [Path("/a")]

    def test_files_are_known_by_place_whatever_root_they_lie_in(self, tx: Transaction) -> None:
        roots.add(tx, Path("/media"))
        roots.add(tx, Path("/media/in/deep"))
        for path in (
            "/media/a.mov",
            "/media/in/b.mov",
            f"/media/in/{ODD}/c.mov",
            "/media/in/deep/d.mov",
            "/media/in2/e",
        ):
            put(tx, path)
        put(tx, "/media/in/b.mov", stream_index=1)
        known = watched.located_files(tx, Path("/media/in"))
        expected = [b"/media/in/b.mov", b"/media/in/caf\xe9 \xff/c.mov", b"/media/in/deep/d.mov"]
        assert known == dict.fromkeys(expected, Sight(7, 2**60))
        assert set(watched.located_files(tx, Path("/media/in/deep"))) == {b"/media/in/deep/d.mov"}
        assert len(watched.located_files(tx, Path("/"))) == 5
        assert watched.located_files(tx, Path("/other")) == {}

    def test_files_noted_as_gone_are_not_known(self, tx: Transaction) -> None:
        root = roots.add(tx, Path("/media"))
        put(tx, "/media/a.mov")
        videos.set_online(tx, root, Path("a.mov"), online="no")
        assert watched.located_files(tx, Path("/media")) == {}

    def test_files_are_asked_for_while_they_wait_and_as_long_as_they_are_unfit(self, tx: Transaction) -> None:
        def asked() -> dict[bytes, Sight]:
            return watched.asked_files(tx, Path("/media"))

        name = f"/media/{ODD}.mov"
        claim = ask(tx, name)
        assert asked() == {os.fsencode(name): Sight(5, 6)}
        assert watched.asked_files(tx, Path("/med")) == {}
        jobs.give_up(tx, claim, Verdict("refused", "not_media", "no"))
        assert set(asked()) == {os.fsencode(name)}
        jobs.give_up(tx, ask(tx, name), Verdict("failed", "vanished", "gone"))
        assert asked() == {}, "it may come back as it was"

    def test_files_of_a_removed_video_are_not_asked_for_again(self, tx: Transaction) -> None:
        roots.add(tx, Path("/media"))
        claim = ask(tx, "/media/a.mov")
        video = put(tx, "/media/a.mov")
        jobs.finish(tx, claim, video=video)
        assert watched.asked_files(tx, Path("/media")) == {}
        videos.remove(tx, video)
        assert set(watched.asked_files(tx, Path("/media"))) == {b"/media/a.mov"}


class TestHashes:
    def test_they_are_noted_for_a_file_with_all_its_streams(self, tx: Transaction) -> None:
        roots.add(tx, Path("/media"))
        video = put(tx, "/media/a.mov")
        put(tx, "/media/a.mov", stream_index=1)
        put(tx, "/media/b.mov")
        assert [one.path.name for one in fixity.unhashed(tx)] == ["a.mov", "b.mov"]
        (file,) = fixity.unhashed(tx, video)
        fixity.note_hash(tx, file, SHA)
        (hashed,) = fixity.hashed(tx)
        assert (hashed.path, hashed.sha256, hashed.checked_at) == (Path("/media/a.mov"), SHA, None)
        assert [one.path.name for one in fixity.unhashed(tx)] == ["b.mov"]
        assert fixity.counts(tx) == fixity.FixityCounts(2, 1, 0, 0, hashed.hashed_at)

    def test_what_came_of_comparing_is_noted(self, tx: Transaction) -> None:
        roots.add(tx, Path("/media"))
        put(tx, "/media/a.mov")
        (file,) = fixity.unhashed(tx)
        fixity.note_hash(tx, file, SHA)
        (hashed,) = fixity.hashed(tx)
        fixity.note_comparison(tx, hashed, "changed")
        (bad,) = fixity.changed_or_unreadable(tx)
        assert (bad.compared, bad.checked_at is not None) == ("changed", True)
        assert fixity.counts(tx) == fixity.FixityCounts(1, 1, 1, 0, None)
        fixity.note_comparison(tx, hashed, "intact")
        assert fixity.changed_or_unreadable(tx) == []
        fixity.note_hash(tx, hashed, "cd" * 32)
        fixity.note_comparison(tx, hashed, "changed")
        assert fixity.changed_or_unreadable(tx) == [], "it has another hash by now"

    def test_a_hash_goes_with_the_size_and_date_it_was_made_at(self, tx: Transaction) -> None:
        roots.add(tx, Path("/media"))
        put(tx, "/media/a.mov")
        (file,) = fixity.unhashed(tx)
        put(tx, "/media/a.mov", mtime_ns=3)
        fixity.note_hash(tx, file, SHA)
        assert fixity.hashed(tx) == [], "another file lies there by now"
        (file,) = fixity.unhashed(tx)
        fixity.note_hash(tx, file, SHA)
        put(tx, "/media/a.mov", mtime_ns=3)
        assert len(fixity.hashed(tx)) == 1
        put(tx, "/media/a.mov", size=8, mtime_ns=3)
        assert fixity.hashed(tx) == []

    def test_a_hash_goes_with_a_file_that_moves(self, tx: Transaction) -> None:
        root = roots.add(tx, Path("/media"))
        video = put(tx, "/media/a.mov")
        fixity.note_hash(tx, fixity.unhashed(tx)[0], SHA)
        videos.put_location(tx, video, root=root, relative_path=Path("b.mov"), stream_index=0, size=7, mtime_ns=1)
        videos.drop_location(tx, video, Location(Path("/media/a.mov"), True, "media", "a.mov", 0))
        (moved,) = fixity.hashed(tx)
        assert (moved.path, moved.sha256) == (Path("/media/b.mov"), SHA)

    def test_a_hash_stays_behind_where_the_content_may_be_another(self, tx: Transaction) -> None:
        root = roots.add(tx, Path("/media"))
        video = put(tx, "/media/a.mov")
        fixity.note_hash(tx, fixity.unhashed(tx)[0], SHA)
        videos.add_fingerprint(tx, video, Fingerprint(7, "the same footage, tagged anew"), stream_index=0)
        videos.put_location(tx, video, root=root, relative_path=Path("b.mov"), stream_index=0, size=7, mtime_ns=1)
        videos.drop_location(tx, video, Location(Path("/media/a.mov"), True, "media", "a.mov", 0))
        assert fixity.hashed(tx) == []

    def test_those_read_longest_ago_come_first(self, tx: Transaction) -> None:
        names = ["a.mov", "b.mov", "c.mov"]
        tapes, news = roots.add(tx, Path("/media/tapes")), roots.add(tx, Path("/media/news"))
        put_ = [put(tx, f"/media/tapes/{name}") for name in names] + [put(tx, "/media/news/d.mov")]
        for file in fixity.unhashed(tx):
            fixity.note_hash(tx, file, SHA)
        first = fixity.hashed(tx)[0]
        assert [one.path.name for one in fixity.hashed(tx, root=tapes)] == names
        assert [one.path.name for one in fixity.hashed(tx, root=news, videos=put_)] == ["d.mov"]
        assert [one.path.name for one in fixity.hashed(tx, videos=put_[1:3])] == ["b.mov", "c.mov"]
        assert fixity.hashed(tx, since="2000-01-01T00:00:00+00:00") == []
        assert len(fixity.hashed(tx, since="2999-01-01T00:00:00+00:00")) == 4
        assert first.hashed_at is not None
        assert len(fixity.hashed(tx, since=first.hashed_at)) < 4

    def test_what_waits_to_be_hashed_is_taken_back(self, tx: Transaction) -> None:
        unit = NewUnit("fixity 1", "fixity", 0, {"place": 1})
        jobs.put(tx, [unit, replace(unit, key="looking x", stage="looking")])
        fixity.withdraw(tx)
        first, second = (jobs.claim(tx, "worker", need="cpu", lease_us=10**9) for _ in range(2))
        assert first is not None
        assert (first.stage, second) == ("looking", None)
