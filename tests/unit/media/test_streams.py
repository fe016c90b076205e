"""Which streams are taken, and why: probed in files that have several."""

from collections.abc import Sequence
from pathlib import Path

import av
import pytest

from indexer.domain import MediaInfo
from indexer.errors import MediaRefused
from indexer.media import probe
from tests.fakes.numbered_footage import run_ffmpeg

LARGE, SMALL = "testsrc2=s=96x64:r=25:d=0.4", "testsrc2=s=64x48:r=25:d=0.4"
SOUND = "sine=d=0.4"


def made(path: Path, sources: Sequence[str], *options: object) -> MediaInfo:
    """All sources as streams of one file, in their order."""
    inputs = [word for source in sources for word in ("-f", "lavfi", "-i", source)]
    maps = [word for number in range(len(sources)) for word in ("-map", number)]
    run_ffmpeg(*inputs, *maps, "-c:v", "mpeg4", *options, path)
    return probe(path)


class TestVideo:
    def test_one(self, tmp_path: Path) -> None:
        info = made(tmp_path / "a.mkv", [SOUND, SMALL])
        assert (info.stream_index, info.stream_choice) == (1, "the only one")

    def test_the_first_of_two(self, tmp_path: Path) -> None:
        info = made(tmp_path / "a.mp4", [SMALL, LARGE])
        assert info.stream_index == 0
        assert info.stream_choice == "the first of 2 video streams (64x48; the other is 96x64)"

    def test_the_one_marked_as_default(self, tmp_path: Path) -> None:
        info = made(tmp_path / "a.mkv", [SMALL, LARGE], "-disposition:v:0", "0", "-disposition:v:1", "default")
        assert (info.stream_index, info.width) == (1, 96)
        assert info.stream_choice.startswith("the one marked as default, of 2 video streams")

    def test_a_cover_beside_it(self, tmp_path: Path) -> None:
        run_ffmpeg("-f", "lavfi", "-i", LARGE, "-frames:v", "1", tmp_path / "cover.png")
        cover = ("-attach", tmp_path / "cover.png", "-metadata:s:t", "mimetype=image/png")
        info = made(tmp_path / "a.mkv", [SMALL, SOUND], *cover)
        assert (info.width, info.stream_choice) == (64, "the only one; stream 2 is a cover picture")
        assert [one.kind for one in info.streams] == ["video", "audio", "cover"]

    def test_a_still_before_it(self, tmp_path: Path) -> None:
        info = made(tmp_path / "a.mp4", ["testsrc2=s=96x64:r=25:d=0.04", SMALL])
        assert info.stream_index == 1
        assert "stream 0 is a still picture" in info.stream_choice

    def test_a_codec_nobody_knows_before_it(self, tmp_path: Path) -> None:
        path = tmp_path / "a.mov"
        made(path, [LARGE, SMALL], "-c:v", "libx264")
        path.write_bytes(path.read_bytes().replace(b"avc1", b"zzzz", 1))
        info = probe(path)
        assert (info.stream_index, info.width) == (1, 64)
        assert "stream 0 is in a codec that cannot be decoded here" in info.stream_choice
        assert info.streams[0].codec == ""

    def test_no_codec_that_is_known(self, tmp_path: Path) -> None:
        path = tmp_path / "a.mov"
        made(path, [SMALL], "-c:v", "libx264")
        path.write_bytes(path.read_bytes().replace(b"avc1", b"zzzz"))
        with pytest.raises(MediaRefused) as caught:
            probe(path)
        assert caught.value.reason == "no_frames"

    def test_a_first_one_without_a_picture(self, tmp_path: Path) -> None:
        path = tmp_path / "a.mov"
        made(path, [LARGE, SMALL], "-c:v", "libx264")
        erase_pictures(path, 0)
        info = probe(path)
        assert (info.stream_index, info.width) == (1, 64)
        assert info.stream_choice == "the first that can be decoded: not one picture of stream 0 can"

    def test_two_without_a_picture(self, tmp_path: Path) -> None:
        path = tmp_path / "a.mov"
        made(path, [LARGE, SMALL], "-c:v", "libx264")
        erase_pictures(path, 0)
        erase_pictures(path, 1)
        with pytest.raises(MediaRefused) as caught:
            probe(path)
        assert caught.value.reason == "no_frames"


class TestSound:
    def test_none(self, tmp_path: Path) -> None:
        info = made(tmp_path / "a.mkv", [SMALL])
        assert (info.audio_stream_index, info.audio_choice, info.audio_codec) == (None, "", None)

    def test_the_first(self, tmp_path: Path) -> None:
        info = made(tmp_path / "a.mkv", [SMALL, SOUND, SOUND], "-c:a:0", "flac", "-c:a:1", "aac")
        assert (info.audio_stream_index, info.audio_codec) == (1, "flac")
        assert info.audio_choice == "the first of 2 sound streams"

    def test_the_one_marked_as_default(self, tmp_path: Path) -> None:
        options = ("-disposition:a:0", "0", "-disposition:a:1", "default")
        info = made(tmp_path / "a.mkv", [SMALL, SOUND, SOUND], *options)
        assert (info.audio_stream_index, info.audio_choice) == (2, "the one marked as default, of 2 sound streams")

    @pytest.mark.parametrize("mark", ["comment", "visual_impaired"])
    def test_not_the_commentary(self, tmp_path: Path, mark: str) -> None:
        options = ("-disposition:a:0", f"default+{mark}", "-disposition:a:1", "0")
        info = made(tmp_path / "a.mkv", [SMALL, SOUND, SOUND], *options)
        assert info.audio_stream_index == 2
        assert "neither commentary nor description" in info.audio_choice

    def test_commentary_where_there_is_no_other(self, tmp_path: Path) -> None:
        options = ("-disposition:a:0", "comment", "-disposition:a:1", "comment")
        assert made(tmp_path / "a.mkv", [SMALL, SOUND, SOUND], *options).audio_stream_index == 1

    def test_of_the_same_programme(self, tmp_path: Path) -> None:
        """A multiplex of a radio programme and two with pictures."""
        sounds = [f"sine=r={rate}:d=0.4" for rate in (32_000, 44_100, 48_000)]
        programmes = [("-program", f"title={name}") for name in ("radio:st=2", "one:st=0:st=3", "two:st=1:st=4")]
        words = [word for programme in programmes for word in programme]
        info = made(tmp_path / "a.ts", [SMALL, LARGE, *sounds], *words, "-c:v", "mpeg2video", "-c:a", "mp2")
        taken = {one.index: one.detail for one in info.streams}
        assert taken[info.stream_index] == "64x48"
        assert info.audio_stream_index is not None
        assert taken[info.audio_stream_index] == "1 channel, 44100 Hz"
        assert info.audio_choice == "of the programme that the pictures belong to, of 3 sound streams"


def test_all_streams_are_described(tmp_path: Path) -> None:
    options = ("-timecode", "10:00:00:00", "-metadata:s:a:0", "language=deu", "-c:a", "aac")
    info = made(tmp_path / "a.mp4", [SMALL, "sine=r=48000:d=0.4"], *options)
    described = [(one.index, one.kind, one.codec, one.detail, one.language) for one in info.streams]
    assert described[0] == (0, "video", "mpeg4", "64x48", None)
    assert described[1] == (1, "audio", "aac", "1 channel, 48000 Hz", "deu")
    assert described[2][:4] == (2, "data", "", "timecode 10:00:00:00")


def erase_pictures(path: Path, stream_index: int) -> None:
    """Zeros in place of one stream's coded pictures."""
    with av.open(str(path)) as container:
        entries = [(one.pos, one.size) for one in container.streams[stream_index].index_entries]
    content = bytearray(path.read_bytes())
    for place, size in entries:
        content[place : place + size] = bytes(size)
    path.write_bytes(content)
