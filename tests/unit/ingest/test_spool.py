"""The spool gives back what it was given, or says that it has not got it; nothing depends on it."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.captioning import FrameRequest
from indexer.domain import VideoId, segment_of
from indexer.ingest.pass_messages import Passed, Scanned
from indexer.ingest.scanning import scan
from indexer.ingest.spool import FULL, Spool, SpoolWriter, open_spool, spool_files
from indexer.ingest.stages import Source, clips, keyframes, spool_order, wanted_times
from indexer.media import Spooled, SpoolOrder, encode_jpeg, probe
from indexer.timecode import TimeRange

SECOND = 1_000_000
SAMPLES = Path(__file__).resolve().parents[3] / "data" / "samples"
FILM = SAMPLES / "city-by-night.mp4"
GREY = encode_jpeg(np.full((36, 64, 3), 99, np.uint8))


def sample(t_us: int, *, side: int = 64, lasts_us: int = 40_000) -> Spooled:
    return Spooled(t_us, lasts_us, side, None, GREY)


def spool_of(folder: Path, *pictures: Spooled) -> Spool:
    with SpoolWriter(folder, most_bytes=10**9) as writer:
        writer.add(pictures)
        kept = writer.keep()
    assert kept is not None
    assert kept.path.stat().st_size == kept.bytes
    spool = open_spool(kept.path)
    assert spool is not None
    return spool


class TestFile:
    def test_every_picture_comes_back(self, tmp_path: Path) -> None:
        pictures = [Spooled(time, 40_000, 64, None, GREY + bytes([time % 7])) for time in (80_000, 0, 40_000)]
        spool = spool_of(tmp_path, *pictures, Spooled(0, 40_000, 640, 1.5, b"candidate"))
        for one in pictures:
            assert spool.picture(one.t_us, longest_side=64) == one.jpeg
        assert spool.picture(0, longest_side=640) == b"candidate"
        assert not spool.has(40_000, longest_side=640)
        assert not spool.has(1, longest_side=64)
        assert spool.picture(1, longest_side=64) == b""
        spool.close()

    def test_nothing_is_left_of_what_was_not_kept(self, tmp_path: Path) -> None:
        with SpoolWriter(tmp_path, most_bytes=10**9) as writer:
            writer.add((sample(0),))
        with suppress(KeyError), SpoolWriter(tmp_path, most_bytes=10**9) as writer:
            writer.add((sample(0),))
            assert writer.keep() is not None
            raise KeyError
        with SpoolWriter(tmp_path, most_bytes=10**9) as writer:
            assert writer.keep() is None
        assert list(tmp_path.iterdir()) == []

    def test_what_came_before_beginning_again_does_not_count(self, tmp_path: Path) -> None:
        with SpoolWriter(tmp_path, most_bytes=10**9) as writer:
            writer.add((sample(0),))
            writer.begin_again()
            writer.add((sample(40_000),))
            kept = writer.keep()
        assert kept is not None
        spool = open_spool(kept.path)
        assert spool is not None
        assert (spool.has(0, longest_side=64), spool.has(40_000, longest_side=64)) == (False, True)
        spool.close()

    def test_the_oldest_spools_give_way_to_a_new_one(self, tmp_path: Path) -> None:
        files: list[Path] = []
        for number in range(3):
            spool_of(tmp_path, sample(number)).close()
            (new,) = set(tmp_path.iterdir()) - set(files)
            os.utime(new, (1000 - number, 1000 - number))  # the last one made was written first
            files.append(new)
        reading = open_spool(files[2])
        assert reading is not None
        taken = sum(file.stat().st_size for file in files)
        with SpoolWriter(tmp_path, most_bytes=taken + len(GREY)) as writer:
            writer.add((sample(0),))
            assert sorted(spool_files(tmp_path)) == sorted(files)
            writer.add((sample(40_000),))
            assert sorted(spool_files(tmp_path)) == sorted(files[:2])
            assert writer.troubles == ()
            assert writer.keep() is not None
        assert reading.picture(2, longest_side=64) == GREY, "whoever reads one reads on"
        reading.close()

    def test_the_quota_is_of_all_spools_together(self, tmp_path: Path) -> None:
        with (
            SpoolWriter(tmp_path, most_bytes=10**9) as other,
            SpoolWriter(tmp_path, most_bytes=3 * len(GREY) - 1) as writer,
        ):
            other.add((sample(0),))
            writer.add((sample(0), sample(40_000)))
            assert writer.trouble is None
            other.add((sample(40_000),))
            writer.add((sample(80_000),))
            assert list(writer.troubles) == [FULL], "what is being written does not give way"
            writer.add((sample(120_000),))
            assert writer.keep() is None
            assert other.keep() is not None
        assert len(list(tmp_path.iterdir())) == 1

    def test_a_folder_that_cannot_be_written_ends_the_spool_only(self, tmp_path: Path) -> None:
        (tmp_path / "spool").write_text("in the way")
        with SpoolWriter(tmp_path / "spool", most_bytes=10**9) as writer:
            writer.add((sample(0),))
            assert "second decode" in str(writer.trouble)
            assert writer.keep() is None

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
    def test_a_full_disk_ends_the_spool_only(self, tmp_path: Path) -> None:
        with SpoolWriter(tmp_path, most_bytes=10**9) as writer:
            assert writer._file is not None
            full = os.open("/dev/full", os.O_WRONLY)
            os.dup2(full, writer._file)
            os.close(full)
            writer.add((sample(0),))
            assert "No space left" in str(writer.trouble)
            assert writer.keep() is None
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("content", [b"", b"1234", b"x" * 100, bytes([255] * 8), b"x" * 5 + bytes(7) + b"\x01"])
    def test_a_damaged_file_is_none(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "a").write_bytes(content)
        assert open_spool(tmp_path / "a") is None
        assert open_spool(tmp_path / "b") is None


class TestChoosing:
    @settings(deadline=None, max_examples=40)
    @given(start=st.integers(0, 20 * SECOND), length=st.integers(2 * SECOND, 25 * SECOND), step=st.integers(15, 125))
    def test_chosen_frames_are_those_that_are_shown_at_the_wanted_times(
        self, tmp_path_factory: pytest.TempPathFactory, start: int, length: int, step: int
    ) -> None:
        """Of footage with a frame every `step` ms, kept at eight a second."""
        frames = np.arange(0, 50 * SECOND, step * 1000)
        shown = frames[np.searchsorted(frames, np.arange(0, 50 * SECOND, SECOND // 8), side="right") - 1]
        pictures = [sample(int(time), lasts_us=step * 1000) for time in np.unique(shown)]
        spool = spool_of(tmp_path_factory.mktemp("spool"), *pictures)
        segment = segment_of(VideoId("v"), start, start + length)
        wants = FrameRequest(per_second=8, at_least=3, at_most=96, longest_side=64)
        times = wanted_times(segment, wants)
        rows = spool.choose(segment.span, times, longest_side=64)
        assert rows is not None
        wanted = frames[np.searchsorted(frames, times, side="right") - 1]
        assert [int(row["t_us"]) for row in rows] == np.unique(wanted).tolist()
        spool.close()

    def test_where_it_has_too_few_all_are_read(self, tmp_path: Path) -> None:
        spool = spool_of(tmp_path, *(sample(time * SECOND) for time in range(10)))
        span = TimeRange(0, 10 * SECOND)
        assert spool.choose(span, [500_000 + time * SECOND for time in range(10)], longest_side=64) is not None
        assert spool.choose(span, [250_000 + time * SECOND // 2 for time in range(20)], longest_side=64) is None
        assert spool.choose(span, [500_000], longest_side=32) is None
        spool.close()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Spool, Scanned]]:
    order = spool_order([FrameRequest(8, 3, 96, 128), FrameRequest(1, 4, 16, 96)])
    assert order == SpoolOrder(640, ((128, 8.0), (96, 2.0)))
    with SpoolWriter(tmp_path_factory.mktemp("spool"), most_bytes=10**9) as writer:
        for step in scan(FILM, probe(FILM), detector="fixed", order=order):
            if isinstance(step, Passed):
                writer.add(step.spooled)
            else:
                scanned = step
        file = writer.keep()
    assert file is not None
    spool = open_spool(file.path)
    assert spool is not None
    yield spool, scanned
    spool.close()


class TestUse:
    def test_pictures_are_those_of_the_footage(self, kept: tuple[Spool, Scanned]) -> None:
        spool, scanned = kept
        source = Source(FILM, 0, scanned.decoded.reading)
        times = [int(time) for time in spool.tables[640]["t_us"][::6]]
        missing = [time + 10 for time in times if not spool.has(time + 10, longest_side=640)][:2]
        wanted = sorted([*times, *missing])
        with_spool = list(keyframes(source, wanted, spool=spool))
        without = list(keyframes(source, wanted))
        assert [one.t_us for one in with_spool] == [one.t_us for one in without]
        assert [one.jpeg for one in with_spool] == [one.jpeg for one in without]

    @pytest.mark.parametrize("wants", [FrameRequest(8, 3, 96, 128), FrameRequest(1, 4, 16, 96)])
    def test_clips_are_as_those_of_the_footage(self, kept: tuple[Spool, Scanned], wants: FrameRequest) -> None:
        spool, scanned = kept
        spans = [TimeRange(0, 2_100_000), TimeRange(2_100_000, 9 * SECOND), TimeRange(9 * SECOND, 19 * SECOND)]
        segments = [segment_of(VideoId("v"), span.start_us, span.end_us) for span in spans]
        source = Source(FILM, 0, scanned.decoded.reading)
        nowhere = Source(FILM.with_name("nowhere.mp4"), 0, "fast")  # the footage is not opened
        from_spool = list(clips(nowhere, segments=segments, wants=wants, spool=spool))
        from_footage = list(clips(source, segments=segments, wants=wants))
        assert [clip.span for clip in from_footage] == spans
        for one, other in zip(from_spool, from_footage, strict=True):
            assert one.span == other.span
            assert [frame.t_us for frame in one.frames] == [frame.t_us for frame in other.frames]
            assert all((a.pixels == b.pixels).all() for a, b in zip(one.frames, other.frames, strict=True))

    def test_a_broken_picture_is_read_from_the_footage(self, tmp_path: Path) -> None:
        spool = spool_of(tmp_path, *(Spooled(time, 40_000, 640, 1.0, b"no picture") for time in (0, SECOND)))
        source = Source(FILM, 0, "fast")
        assert [one.jpeg for one in keyframes(source, [0], spool=spool)] == [one.jpeg for one in keyframes(source, [0])]
        segment = segment_of(VideoId("v"), 0, 2 * SECOND)
        wants = FrameRequest(1, 2, 2, 640)
        (clip,) = clips(source, segments=[segment], wants=wants, spool=spool)
        assert len(clip.frames) == 2
        spool.close()
