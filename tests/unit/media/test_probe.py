"""What a probe says of small files, and why it refuses others."""

import os
import shutil
import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from indexer.errors import MediaRefused
from indexer.media import probe, sampled_pictures
from tests.fakes.numbered_footage import run_ffmpeg

VideoMaker = Callable[..., Path]
SOURCE = ("-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=0.4")


def refusal(path: Path) -> str:
    with pytest.raises(MediaRefused) as caught:
        probe(path)
    assert caught.value.message
    return caught.value.reason


class TestFacts:
    def test_of_a_plain_file(self, make_video: VideoMaker) -> None:
        info = probe(make_video("a.mp4", tags={"title": " A walk ", "creation_time": "2024-05-01T10:00:00.000000Z"}))
        assert (info.codec, info.width, info.height, info.rotation) == ("h264", 64, 48, 0)
        assert (info.rate, info.claimed_duration_us, info.stream_index) == (Fraction(24), 1_000_000, 0)
        assert (info.title, info.recorded_at) == ("A walk", "2024-05-01T10:00:00Z")
        assert (info.start_timecode, info.audio_codec, info.pixel_format) == (None, None, "yuv420p")

    def test_a_date_nobody_set_is_none(self, make_video: VideoMaker) -> None:
        assert probe(make_video("a.mkv", tags={"creation_time": "1970-01-01T00:00:00Z"})).recorded_at is None

    def test_pixel_shape_widens(self, make_video: VideoMaker) -> None:
        info = probe(make_video("a.mp4", pixel_shape=Fraction(4, 3)))
        assert (info.width, info.height) == (85, 48)

    def test_variable_rate(self, make_video: VideoMaker) -> None:
        stamps = [n for n in range(30) if n % 3]
        assert probe(make_video("a.mp4", stamps=stamps)).rate is None
        assert probe(make_video("a.mkv", stamps=stamps)).rate is None

    def test_a_timecode_that_is_none_is_a_warning(self, make_video: VideoMaker) -> None:
        info = probe(make_video("a.mkv", tags={"timecode": "01:00:00:77"}))
        assert info.start_timecode is None
        assert "timecode" in info.warnings[0]

    def test_a_timecode_tag(self, make_video: VideoMaker) -> None:
        info = probe(make_video("a.mkv", tags={"timecode": "01:00:00:12"}))
        assert info.start_timecode is not None
        assert info.start_timecode.text == "01:00:00:12"

    @pytest.mark.parametrize(
        "name",
        [
            b"-leading.mp4",
            b"http:colon.mp4",
            b"percent_%03d.mp4",
            b"new\nline.mp4",
            b"[x]*?.mp4",
            b"\xff\xfe bytes.mp4",
        ],
    )
    def test_any_name_will_do(self, make_video: VideoMaker, tmp_path: Path, name: bytes) -> None:
        path = tmp_path / os.fsdecode(name)
        shutil.copy(make_video("a.mp4"), path)
        assert probe(path).codec == "h264"
        (frame,) = sampled_pictures(path, [0], longest_side=16, stream_index=0)
        assert frame.pixels.shape == (12, 16, 3)

    def test_a_relative_path(self, make_video: VideoMaker, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(make_video("a.mp4").parent)
        assert probe(Path("a.mp4")).codec == "h264"


class TestFormat:
    """What the pictures and the clock are like."""

    def test_transfer(self, tmp_path: Path) -> None:
        encode = ("-c:v", "libx265", "-x265-params", "log-level=none:transfer=")
        for name in ("smpte2084", "arib-std-b67", "bt709"):
            path = tmp_path / f"{name}.mp4"
            run_ffmpeg(*SOURCE, *encode[:-1], encode[-1] + name, path)
            info = probe(path)
            assert (info.transfer, info.hdr) == (name, name != "bt709")

    def test_no_transfer_is_none(self, make_video: VideoMaker) -> None:
        assert probe(make_video("a.mp4")).transfer is None

    def test_interlaced(self, tmp_path: Path) -> None:
        fields = ("-vf", "setfield=tff", "-flags", "+ildct+ilme")
        run_ffmpeg(*SOURCE, *fields, "-c:v", "mpeg2video", tmp_path / "a.mpg")
        assert probe(tmp_path / "a.mpg").interlaced
        run_ffmpeg(*SOURCE, "-c:v", "mpeg2video", tmp_path / "b.mpg")
        assert not probe(tmp_path / "b.mpg").interlaced

    @pytest.mark.parametrize("begins_s", ["0", "3600.04"])
    def test_the_clock_s_beginning(self, tmp_path: Path, begins_s: str) -> None:
        shift = ("-output_ts_offset", begins_s, "-avoid_negative_ts", "disabled")
        run_ffmpeg(*SOURCE, "-c:v", "mpeg4", *shift, tmp_path / "a.nut")
        assert probe(tmp_path / "a.nut").start_us == int(Fraction(begins_s) * 1_000_000)

    def test_a_clock_that_is_about_to_wrap_begins_below_zero(self, tmp_path: Path) -> None:
        shift = ("-output_ts_offset", "95443.32", "-muxdelay", "0", "-muxpreload", "0")  # it counts to 2^33 / 90000 s
        run_ffmpeg(*SOURCE, "-c:v", "mpeg2video", *shift, tmp_path / "a.ts")
        ticks = 9_544_332 * 900 - (1 << 33)
        assert ticks * 100 // 9 <= probe(tmp_path / "a.ts").start_us < 0

    def test_exif_in_motion_jpeg(self, tmp_path: Path) -> None:
        """What cameras write: PyAV has no name for it. Its orientation is followed."""
        run_ffmpeg(*SOURCE, "-c:v", "mjpeg", "-f", "mjpeg", tmp_path / "plain.mjpeg")
        entry = struct.pack("<HHII", 0x0112, 3, 1, 6)  # orientation: a quarter turn clockwise
        exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + entry + bytes(4)
        segment = b"\xff\xe1" + struct.pack(">H", 2 + len(exif)) + exif
        pictures = (tmp_path / "plain.mjpeg").read_bytes().replace(b"\xff\xd8", b"\xff\xd8" + segment)
        (tmp_path / "exif.mjpeg").write_bytes(pictures)
        run_ffmpeg("-f", "mjpeg", "-i", tmp_path / "exif.mjpeg", "-c", "copy", tmp_path / "a.avi")
        info = probe(tmp_path / "a.avi")
        assert (info.width, info.height, info.rotation) == (48, 64, 90)

    def test_the_shape_of_pixels(self, make_video: VideoMaker) -> None:
        assert probe(make_video("a.mp4", pixel_shape=Fraction(4, 3))).pixel_shape == Fraction(4, 3)
        assert probe(make_video("b.mp4")).pixel_shape == 1

    @pytest.mark.parametrize(
        ("claimed_ms", "told_us"),
        [(3.6e12, 3_600_000_000_000_000), (1e300, None), (9e15, None), (float("nan"), None), (-5.0, None)],
    )
    def test_claims_of_length(self, make_video: VideoMaker, claimed_ms: float, told_us: int | None) -> None:
        path = make_video("a.mkv")
        content = bytearray(path.read_bytes())
        place = content.index(b"\x44\x89\x88") + 3  # Matroska's Duration
        content[place : place + 8] = struct.pack(">d", claimed_ms)
        path.write_bytes(content)
        assert probe(path).claimed_duration_us == told_us


class TestTags:
    def test_bytes_that_are_no_text(self, tmp_path: Path, make_video: VideoMaker) -> None:
        path = make_video("a.avi", codec="mpeg4", tags={"title": "Cafe noir"})
        path.write_bytes(path.read_bytes().replace(b"Cafe noir", b"Caf\xe9 noir"))
        assert probe(path).title == "Caf\ufffd noir"

    def test_the_title_of_an_ogg_stands_with_its_stream(self, tmp_path: Path) -> None:
        run_ffmpeg(*SOURCE, "-c:v", "libtheora", "-metadata", "title=Harbour", tmp_path / "a.ogg")
        assert probe(tmp_path / "a.ogg").title == "Harbour"

    def test_the_name_of_a_track_is_no_title(self, tmp_path: Path) -> None:
        run_ffmpeg(*SOURCE, "-c:v", "mpeg4", "-metadata:s:v", "title=Video 1", tmp_path / "a.mkv")
        assert probe(tmp_path / "a.mkv").title is None

    def test_the_time_zone_of_the_place_is_kept(self, tmp_path: Path) -> None:
        dates = ("creation_time=2021-08-07T10:13:14Z", "com.apple.quicktime.creationdate=2021-08-07T12:13:14+0200")
        words = [word for date in dates for word in ("-metadata", date)]
        run_ffmpeg(*SOURCE, "-c:v", "mpeg4", "-movflags", "use_metadata_tags", *words, tmp_path / "a.mov")
        assert probe(tmp_path / "a.mov").recorded_at == "2021-08-07T12:13:14+02:00"

    def test_the_date_of_an_mxf(self, tmp_path: Path) -> None:
        date = ("-metadata", "creation_time=2021-08-07T12:13:14Z")
        run_ffmpeg(*SOURCE, "-c:v", "mpeg2video", *date, tmp_path / "a.mxf")
        assert probe(tmp_path / "a.mxf").recorded_at == "2021-08-07T12:13:14Z"

    def test_the_date_of_an_avi(self, make_video: VideoMaker) -> None:
        """In its own form, in a chunk of its own."""
        path = make_video("a.avi", codec="mpeg4")
        content = path.read_bytes()
        chunk = b"IDIT" + struct.pack("<I", 26) + b"Mon Mar 10 15:04:43 2003\n\0"
        place = content.index(b"LIST", content.index(b"hdrl"))
        grown = bytearray(content[:place] + chunk + content[place:])
        for size_at in (4, content.index(b"hdrl") - 4):
            (size,) = struct.unpack_from("<I", grown, size_at)
            struct.pack_into("<I", grown, size_at, size + len(chunk))
        path.write_bytes(grown)
        assert probe(path).recorded_at == "2003-03-10T15:04:43"


class TestRefusals:
    def test_nothing_there(self, tmp_path: Path) -> None:
        assert refusal(tmp_path / "none.mp4") == "missing"

    def test_a_folder(self, tmp_path: Path) -> None:
        assert refusal(tmp_path) == "not_a_file"

    def test_a_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "a.mp4")
        assert refusal(tmp_path / "a.mp4") == "not_a_file"

    def test_no_permission(self, make_video: VideoMaker) -> None:
        path = make_video("a.mp4")
        path.chmod(0)
        if os.access(path, os.R_OK):
            pytest.skip("this user may read every file")
        assert refusal(path) == "unreadable"

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "empty"),
            (b"notes, not a film\n" * 100, "not_media"),
            (b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "no_video"),
            (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41", "damaged"),
            (b"\x1a\x45\xdf\xa3" + b"\0" * 50, "damaged"),
            (b"#EXTM3U\n#EXTINF:10,\n/etc/passwd\n", "playlist"),
            (b"\xef\xbb\xbf\r\n#EXTM3U\n", "playlist"),
            (b"ffconcat version 1.0\nfile '/etc/passwd'\n", "playlist"),
            (b"v=0\no=- 0 0 IN IP4 127.0.0.1\n", "playlist"),
            (b'<?xml version="1.0"?>\n<MPD></MPD>', "playlist"),
            (b"[playlist]\nFile1=/etc/passwd\n", "playlist"),
        ],
    )
    def test_by_content(self, tmp_path: Path, content: bytes, reason: str) -> None:
        path = tmp_path / "a.mp4"
        path.write_bytes(content)
        assert refusal(path) == reason

    def test_a_file_cut_short_before_its_index(self, make_video: VideoMaker) -> None:
        path = make_video("a.mp4", size=(320, 240))
        path.write_bytes(path.read_bytes()[:600])
        assert refusal(path) == "damaged"
