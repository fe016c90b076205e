"""What a probe says of small files, and why it refuses others."""

import os
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from indexer.errors import MediaRefused
from indexer.media import probe, sampled_pictures

VideoMaker = Callable[..., Path]


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
        assert (info.title, info.recorded_at) == ("A walk", "2024-05-01T10:00:00.000000Z")
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
