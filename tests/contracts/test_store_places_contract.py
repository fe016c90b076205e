"""Where files lie, and what decoding and probing told of them: the same on SQLite and on a real PostgreSQL server."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import pytest

from indexer.domain import Caption, Decoded, Filters, Fingerprint, MediaInfo, Recipe, Stretch, VideoId
from indexer.errors import UsageError
from indexer.store import Transaction, fulltext, open_database, roots, segments, settings, upgrade_schema, videos
from indexer.store.allowed import allowed_segments
from indexer.store.roots import Root
from indexer.timecode import StartTimecode, TimeRange

SECOND = 1_000_000
INFO = MediaInfo("mov", "h264", 2, 640, 360, 0, Fraction(25), Fraction(25), None, None, None, None, "aac", "yuv420p")
ODD_NAME = Path(os.fsdecode(b"caf\xe9/clip \xff.mov"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def tx(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Transaction]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'library.db'}" if sqlite else str(request.getfixturevalue("postgres_url"))
    upgrade_schema(url)
    database = open_database(url, purpose="write")
    with database.write() as tx:
        yield tx
    database.close()


@dataclass
class Shelf:
    """A library being filled with videos, and with files of them."""

    tx: Transaction
    count: int = 0

    def add(self, title: str) -> VideoId:
        self.count += 1
        return videos.add(self.tx, info=INFO, fingerprint=Fingerprint(self.count, title), title=title, fields={})

    def put(self, video: VideoId, root: Root, relative: Path | str, *, stream_index: int = 0) -> None:
        facts = {"stream_index": stream_index, "size": 7, "mtime_ns": 2**60}
        videos.put_location(self.tx, video, root=root, relative_path=Path(relative), **facts)

    def paths(self, video: VideoId) -> list[str]:
        return [str(location.path) for location in videos.load(self.tx, [video])[0].locations]

    def of(self, root: Root) -> list[str]:
        return [str(known.relative_path) for known in videos.known_files(self.tx, root)]


@pytest.fixture
def shelf(tx: Transaction) -> Shelf:
    return Shelf(tx)


class TestRoots:
    def test_roots_have_names_of_their_own(self, tx: Transaction) -> None:
        first, second = roots.add(tx, Path("/a/Rushes")), roots.add(tx, Path("/b/Rushes"))
        inner = roots.add(tx, Path("/a/Rushes/day 1"))
        assert (first.name, second.name, inner.name) == ("Rushes", "Rushes 2", "day 1")
        assert roots.add(tx, Path("/a/Rushes")) == first
        assert roots.around(tx, Path("/a/Rushes/day 1/x.mov")) == inner
        assert roots.around(tx, Path("/a/Rushes 2/x.mov")) is None
        assert (roots.wider(tx, inner), roots.wider(tx, first)) == (first, None)
        assert roots.wider(tx, roots.add(tx, Path("/"))) is None

    def test_a_name_is_given_once(self, tx: Transaction) -> None:
        tapes = roots.add(tx, Path("/a"), name="tapes")
        other = roots.add(tx, Path("/b"), name="other")
        with pytest.raises(UsageError, match="name of /a already"):
            roots.add(tx, Path("/c"), name="tapes")
        with pytest.raises(UsageError, match="name of /a already"):
            roots.rename(tx, other, "tapes")
        with pytest.raises(UsageError, match="needs a name"):
            roots.rename(tx, other, " ")
        assert roots.rename(tx, tapes, "reels") == roots.named(tx, "reels") == Root("reels", Path("/a"))
        assert roots.rename(tx, tapes := roots.named(tx, "reels"), "reels") == tapes
        with pytest.raises(UsageError, match="shotlist roots"):
            roots.named(tx, "tapes")

    def test_a_moved_root_takes_its_files_along(self, shelf: Shelf, tx: Transaction) -> None:
        video, root = shelf.add("clip"), roots.add(tx, Path(os.fsdecode(b"/old/caf\xe9")))
        shelf.put(video, root, ODD_NAME)
        moved = roots.move(tx, root, Path("/new"))
        assert (moved.name, shelf.paths(video)) == (root.name, [f"/new/{ODD_NAME}"])
        assert roots.file_counts(tx) == {root.name: 1}

    def test_a_file_belongs_to_the_innermost_root(self, shelf: Shelf, tx: Transaction) -> None:
        deep, flat = shelf.add("deep"), shelf.add("flat")
        wide = roots.add(tx, Path("/archive"))
        shelf.put(deep, wide, "tapes/1/a.mov")
        shelf.put(flat, wide, "b.mov")
        inner = roots.add(tx, Path("/archive/tapes"))
        innermost = roots.add(tx, Path("/archive/tapes/1"))
        assert [shelf.of(root) for root in (wide, inner, innermost)] == [["b.mov"], [], ["a.mov"]]
        assert roots.remove(tx, innermost) == inner
        assert shelf.of(inner) == ["1/a.mov"]
        away = roots.move(tx, inner, Path("/elsewhere"))
        assert shelf.paths(deep) == ["/elsewhere/1/a.mov"]
        roots.move(tx, away, Path("/archive/shelf"))
        assert (shelf.paths(deep), shelf.of(wide)) == (["/archive/shelf/1/a.mov"], ["b.mov"])
        roots.move(tx, wide, Path("/elsewhere"))
        assert (shelf.paths(deep), shelf.paths(flat)) == (["/archive/shelf/1/a.mov"], ["/elsewhere/b.mov"])

    def test_two_roots_that_come_to_be_one_folder_are_one(self, shelf: Shelf, tx: Transaction) -> None:
        both, rest, other = shelf.add("both"), shelf.add("rest"), shelf.add("other")
        old, new = roots.add(tx, Path("/old")), roots.add(tx, Path("/new"))
        for video, root, name in ((both, old, "a.mov"), (both, new, "a.mov"), (rest, old, "b.mov")):
            shelf.put(video, root, name)
        shelf.put(rest, old, "c.mov")
        shelf.put(other, new, "c.mov")
        assert roots.move(tx, old, Path("/new")) == new
        assert [shelf.paths(video) for video in (both, rest, other)] == [["/new/a.mov"], ["/new/b.mov"], ["/new/c.mov"]]
        assert roots.load(tx) == [new]

    def test_a_removed_root_is_forgotten_with_its_places(self, shelf: Shelf, tx: Transaction) -> None:
        copied, alone = shelf.add("copied"), shelf.add("alone")
        one, two = roots.add(tx, Path("/one")), roots.add(tx, Path("/two"))
        shelf.put(copied, one, "harbour.mov")
        shelf.put(copied, two, "pier.mov")
        assert (roots.only_places(tx, one), roots.only_places(tx, two)) == (0, 0)
        shelf.put(alone, one, "alone.mov")
        assert (roots.only_places(tx, one), roots.only_places(tx, two)) == (1, 0)
        assert roots.remove(tx, one) is None
        assert (shelf.paths(copied), shelf.paths(alone)) == (["/two/pier.mov"], [])
        assert fulltext.document_frequencies(tx, ["harbour", "pier"], of="videos") == {"pier": 1}

    def test_a_folder_is_filtered_by_its_path_or_its_root_s_name(self, shelf: Shelf, tx: Transaction) -> None:
        video, root = shelf.add("clip"), roots.add(tx, Path("/mnt/nas4/Žurnál"), name="Événements")
        shelf.put(video, root, "1987/Łódź/a.mov")
        shelf.put(shelf.add("other"), roots.add(tx, Path("/mnt/other")), "1988/b.mov")
        recipe = Recipe("test/1")
        spans = [TimeRange(0, SECOND)]
        made = segments.put_segmentation(tx, video, recipe=recipe, origin="detected", spans=spans, cuts=[])
        settings.prefer(tx, recipe)
        segments.put_captions(tx, [Caption(made[0].id, "a boat", recipe)], {})
        own = ("Événements", "événements", "ÉVÉNEMENTS", "evenements")
        below = ("nas4", "žurnál", "ŽURNÁL", "1987", "łódź", "ŁÓDŹ", "zurnal/1987", "/mnt/nas4/Žurnál/1987/Łódź/")
        absent = ("Événe", "1988", "87", "a.mov", "198%")
        for folder, found in (*((one, 1) for one in (*own, *below)), *((one, 0) for one in absent)):
            rows = allowed_segments(tx, Filters(folder=folder))
            assert rows is not None
            assert len(rows) == found, folder


class TestLocations:
    def test_a_file_whose_name_is_no_text_is_found_again(self, shelf: Shelf, tx: Transaction) -> None:
        video, root = shelf.add("odd"), roots.add(tx, Path("/media"))
        shelf.put(video, root, ODD_NAME, stream_index=2)
        known = videos.location_at(tx, root=root, relative_path=ODD_NAME)
        assert known is not None
        assert (known.video, known.path, known.size, known.mtime_ns) == (video, Path("/media") / ODD_NAME, 7, 2**60)
        location = videos.load(tx, [video])[0].locations[0]
        assert (location.path, location.relative_path) == (Path("/media") / ODD_NAME, "caf\ufffd/clip \ufffd.mov")
        assert known.stream_index == location.stream_index == 2
        videos.drop_location(tx, video, location)
        assert videos.known_files(tx, root) == []

    def test_files_go_offline_and_come_back(self, shelf: Shelf, tx: Transaction, tmp_path: Path) -> None:
        video, root = shelf.add("clip"), roots.add(tx, tmp_path)
        (tmp_path / "clip.mov").touch()
        shelf.put(video, root, "clip.mov")
        videos.set_online(tx, root, Path("clip.mov"), online="no")
        assert (videos.load(tx)[0].path, videos.known_files(tx, root)[0].online) == (None, False)
        videos.set_online(tx, root, Path("clip.mov"), online="yes")
        assert videos.load(tx)[0].path == tmp_path / "clip.mov"
        (tmp_path / "clip.mov").unlink()
        assert videos.load(tx)[0].path is None, "an unplugged disk tells nobody"

    def test_another_file_at_a_known_place_takes_it_over(self, shelf: Shelf, tx: Transaction) -> None:
        old, new, root = shelf.add("old"), shelf.add("new"), roots.add(tx, Path("/media"))
        for video in (old, new):
            shelf.put(video, root, "harbour.mov")
        assert [known.video for known in videos.known_files(tx, root)] == [new]
        assert fulltext.document_frequencies(tx, ["harbour"], of="videos") == {"harbour": 1}

    def test_a_place_is_cleared_of_all_its_streams(self, shelf: Shelf, tx: Transaction) -> None:
        one, two, root = shelf.add("one"), shelf.add("two"), roots.add(tx, Path("/media"))
        shelf.put(two, root, "pier.mov", stream_index=1)
        shelf.put(one, root, "pier.mov", stream_index=0)
        shelf.put(two, root, "other.mov")
        assert videos.clear_place(tx, root=root, relative_path=Path("pier.mov")) == [one, two]
        assert videos.clear_place(tx, root=root, relative_path=Path("pier.mov")) == []
        assert (shelf.paths(one), shelf.paths(two)) == ([], ["/media/other.mov"])
        assert fulltext.document_frequencies(tx, ["pier"], of="videos") == {}


class TestFacts:
    def test_what_decoding_told_replaces_the_claims(self, shelf: Shelf, tx: Transaction) -> None:
        video = shelf.add("clip")
        assert (videos.decoded(tx, video), videos.stretches(tx, video)) == (None, ())
        jumping = Decoded(250, 10 * SECOND, Fraction(30000, 1001), (Stretch(0, -SECOND), Stretch(SECOND, 2**40)))
        for decoded in (jumping, replace(jumping, rate=None, stretches=(Stretch(0, 5),)), jumping):
            videos.set_decoded(tx, video, decoded)
            assert videos.decoded(tx, video) == decoded
            assert videos.stretches(tx, video) == decoded.stretches
            loaded = videos.load(tx, [video])[0]
            assert (loaded.duration_us, loaded.rate) == (10 * SECOND, decoded.rate)
        videos.remove(tx, video)
        again = shelf.add("another")
        assert videos.stretches(tx, again) == ()

    def test_what_a_file_no_longer_states_stays(self, shelf: Shelf, tx: Transaction) -> None:
        video = shelf.add("clip")
        decoded = Decoded(7, SECOND, Fraction(7), ())
        videos.set_decoded(tx, video, decoded)
        stated = replace(INFO, recorded_at="1987-04-12", start_timecode=StartTimecode("10:00:00:00"), rate=Fraction(9))
        videos.set_facts(tx, video, stated, title="Harbour")
        videos.set_facts(tx, video, replace(INFO, width=320))
        loaded = videos.load(tx, [video])[0]
        assert (loaded.title, loaded.recorded_at, loaded.width) == ("Harbour", "1987-04-12", 320)
        assert loaded.start_timecode == StartTimecode("10:00:00:00")
        assert videos.decoded(tx, video) == decoded
        assert fulltext.document_frequencies(tx, ["harbour", "clip"], of="videos") == {"harbour": 1}

    def test_content_in_other_bytes_is_the_same_video(self, shelf: Shelf, tx: Transaction) -> None:
        video, other = shelf.add("one"), shelf.add("two")
        new, taken = Fingerprint(99, "new"), Fingerprint(2, "two")
        assert videos.stream_of(tx, new) is None
        assert videos.add_fingerprint(tx, video, new, stream_index=5) == video
        assert videos.add_fingerprint(tx, video, taken, stream_index=5) == other
        assert (videos.find(tx, new), videos.stream_of(tx, new)) == (video, 5)
        assert (videos.find(tx, taken), videos.stream_of(tx, taken)) == (other, INFO.stream_index)
