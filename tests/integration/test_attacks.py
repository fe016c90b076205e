"""Files and names that reach for other files or the network: canaries are never read, a server is never asked."""

import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import av
import pytest

from indexer.errors import MediaError, MediaFailed, MediaRefused
from indexer.media import cut_clip, ffmpeg_program, probe
from indexer.media.making import program
from indexer.media.making.program import run_ffmpeg
from indexer.media.reading.opening import file_address, open_media, reading_options
from indexer.timecode import TimeRange
from tests.fakes.bait import Canary, Listener
from tests.fakes.hostile_files import Track, element, encoded, matroska, referring_movie, write_container

FILE = "{file}"
URL = "http://127.0.0.1:{port}/x.ts"
PLAYLISTS = {
    "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{FILE}\n#EXTINF:10,\n{URL}\n#EXT-X-ENDLIST\n",
    "hls_with_bom": f"\ufeff#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{FILE}\n#EXTINF:10,\n{URL}\n",
    "m3u_after_blank_lines": f"\n\n  \n#EXTM3U\n{FILE}\n{URL}\n",
    "ffconcat": f"ffconcat version 1.0\nfile '{FILE}'\nfile '{URL}'\n",
    "ffconcat_after_blank_lines": f"\n\n\ufeffffconcat version 1.0\nfile '{FILE}'\nfile '{URL}'\n",
    "dash": '<?xml version="1.0"?>\n<!-- x -->\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period>'
    f'<AdaptationSet><Representation id="1"><BaseURL>{URL}</BaseURL></Representation></AdaptationSet></Period></MPD>',
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video {port} TCP/RTP/AVP 96\n",
    "asx": f'<ASX version="3.0"><entry><ref href="{URL}"/><ref href="{FILE}"/></entry></ASX>',
    "old_asx": f"[Reference]\nRef1={URL}\nRef2={FILE}\n",
    "pls": f"[playlist]\nFile1={FILE}\nFile2={URL}\nNumberOfEntries=2\n",
    "xspf": '<?xml version="1.0"?><playlist version="1"><trackList><track>'
    f"<location>{URL}</location></track></trackList></playlist>",
    "wpl": f'<?wpl version="1.0"?>\n<smil><body><seq><media src="{FILE}"/><media src="{URL}"/></seq></body></smil>',
    "smil": f'<smil><body><video src="{URL}"/></body></smil>',
    "real_audio_list": f"{URL}\nfile://{FILE}\n",
    "rtsp_text": "RTSPtext\nrtsp://127.0.0.1:{port}/x\n",
    "quicktime_link": '<?xml version="1.0"?><?quicktime type="application/x-quicktime-media-link"?>'
    f'<embed src="{URL}"/>',
    "imf_composition": '<?xml version="1.0" encoding="UTF-8"?>\n<CompositionPlaylist xmlns="http://www.smpte-ra.org/'
    f'schemas/2067-3/2016"><Id>{URL}</Id></CompositionPlaylist>',
    "asset_map": f'<?xml version="1.0"?><am:AssetMap xmlns:am="x"><Path>{FILE}</Path></am:AssetMap>',
    "edit_list": f"# mpv EDL v0\n{FILE},0,1\n",
}


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small sound video: what a canary must be, lest it stay unread because nothing could read it."""
    path = tmp_path_factory.mktemp("sound") / "sound.ts"
    return write_container(path, [Track("mpeg2video", encoded("mpeg2video", 24), pixel_format="yuv420p")])


@pytest.fixture
def canary(tmp_path: Path, video: Path) -> Iterator[Canary]:
    shutil.copy(video, tmp_path / "canary.ts")
    with Canary(tmp_path / "canary.ts") as canary:
        yield canary


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as listener:
        yield listener


def playlist(name: str, canary: Canary, listener: Listener) -> str:
    return PLAYLISTS[name].replace("{file}", str(canary.path)).replace("{port}", str(listener.port))


def test_the_bait_notices(canary: Canary, listener: Listener) -> None:
    """What the other tests rely on; FFmpeg without our settings does read what a playlist names."""
    assert not canary.touched()
    path = canary.path.with_name("open.txt")
    path.write_text(f"ffconcat version 1.0\nfile '{canary.path}'\n")
    with suppress(av.FFmpegError):
        av.open(str(path), options={"safe": "0"}).close()
    assert canary.touched()
    with suppress(OSError):
        urllib.request.urlopen(f"http://127.0.0.1:{listener.port}/")
    assert listener.calls == 1


@pytest.mark.parametrize("extension", ["mp4", "m3u8", "ts", "txt"])
@pytest.mark.parametrize("name", PLAYLISTS)
def test_playlists_are_refused_unread(
    tmp_path: Path, canary: Canary, listener: Listener, name: str, extension: str
) -> None:
    path = tmp_path / f"list.{extension}"
    path.write_text(playlist(name, canary, listener))
    with pytest.raises(MediaRefused) as caught:
        open_media(path)  # here, where nothing but FFmpeg's settings would stop it
    assert caught.value.reason == "playlist"
    with pytest.raises(MediaRefused):
        probe(path)
    assert not canary.touched()
    assert listener.calls == 0


@pytest.mark.parametrize("name", PLAYLISTS)
def test_the_settings_alone_stop_them(tmp_path: Path, canary: Canary, listener: Listener, name: str) -> None:
    """Should one be written in a way that is not recognised."""
    path = tmp_path / "list.mp4"
    path.write_text(playlist(name, canary, listener))
    with pytest.raises((av.FFmpegError, ValueError)):
        av.open(file_address(path), options=reading_options())
    options = reading_options()
    with pytest.raises(MediaFailed):
        run_ffmpeg(file_address(path), tmp_path / "out.mp4", reading=options, streams=["v:0"], writing={"f": "mp4"})
    assert not canary.touched()
    assert listener.calls == 0


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig"])
def test_playlists_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    text = "#EXTM3U\nhttp://127.0.0.1:1/x.ts\n"
    path = tmp_path / "list.mp4"
    path.write_bytes(b"\xfe\xff" * (encoding == "utf-16-be") + text.encode(encoding))
    with pytest.raises(MediaRefused) as caught:
        probe(path)
    assert caught.value.reason == "playlist"


def test_a_movie_that_refers_to_another_file(tmp_path: Path, canary: Canary) -> None:
    movie = write_container(tmp_path / "whole.mov", [Track("png", encoded("png", 4, pixel_format="rgb24"))])
    path = tmp_path / "reference.mov"
    path.write_bytes(referring_movie(movie.read_bytes(), canary.path))
    with suppress(av.FFmpegError):  # the control: the reference is one that FFmpeg follows when told to
        av.open(str(path), options={"enable_drefs": "1", "use_absolute_path": "1"}).close()
    assert canary.touched()
    with suppress(MediaError):
        open_media(path).close()
        probe(path)
        cut_clip(path, TimeRange(0, 100_000), tmp_path / "out.mp4")
    assert not canary.touched()


def test_matroska_that_names_the_next_file(tmp_path: Path, canary: Canary) -> None:
    path = tmp_path / "first.mkv"
    named = element(0x3E83BB, canary.path.name.encode()) + element(0x3EB923, bytes(16))
    path.write_bytes(matroska(element(0x1549A966, named)))
    with pytest.raises(MediaRefused):
        probe(path)
    assert not canary.touched()


NAMES = (
    *("http://127.0.0.1:{port}/x.mp4", "tcp://127.0.0.1:{port}", "concat:canary.ts|canary.ts", "file:canary.ts"),
    *("subfile,,start,0,end,0,,:canary.ts", "async:canary.ts", "cache:canary.ts", "crypto:canary.ts", "data:,x"),
    *("pipe:0", "fd:0", "-i", "-", "%03d.ts", "*.ts", "canary.ts\n", "canary.ts\0.mp4", "~/canary.ts"),
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_only_a_name(
    tmp_path: Path, canary: Canary, listener: Listener, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MediaRefused) as caught:
        probe(Path(name.replace("{port}", str(listener.port))))
    assert caught.value.reason == "missing"
    assert not canary.touched()
    assert listener.calls == 0


@pytest.mark.parametrize(
    "name",
    [
        *("-i", "%03d.ts", "concat:a|b", "subfile,,start,0,end,9,,:x.ts", "pipe:0", "a\nb.ts", "\"'`$(x).ts", "*?.ts"),
        *("\u202egpm.4pm", "a;b&c.ts", "\\.ts", "CON", " .ts", "http:x.ts", os.fsdecode(b"\xff\xfe.ts")),
    ],
)
def test_files_that_are_really_called_so(tmp_path: Path, video: Path, name: str) -> None:
    shutil.copy(video, tmp_path / name)
    assert probe(tmp_path / name).width == 64
    cut_clip(tmp_path / name, TimeRange(0, 200_000), tmp_path / "out.mp4")
    assert probe(tmp_path / "out.mp4").width == 64


def test_the_ffmpeg_program_runs_without_network(tmp_path: Path, listener: Listener) -> None:
    """Even told to, with every protocol allowed."""
    address = f"http://127.0.0.1:{listener.port}/x.ts"
    with pytest.raises(MediaFailed):
        run_ffmpeg(address, tmp_path / "out.mp4", reading={}, streams=["v:0"], writing={"f": "mp4"})
    assert listener.calls == 0
    subprocess.run([ffmpeg_program().path, "-v", "quiet", "-i", address, "-f", "null", "-"], check=False, timeout=60)
    assert listener.calls >= 1


def test_the_ffmpeg_program_cannot_fill_the_disk(tmp_path: Path, video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "_LEAST_ROOM", 50_000)
    raw = {"f": "rawvideo", "c:v": "rawvideo"}
    with pytest.raises(MediaFailed) as caught:
        run_ffmpeg(file_address(video), tmp_path / "out.yuv", reading={}, streams=["v:0"], writing=raw)
    assert caught.value.reason == "ffmpeg_failed"
    assert not list(tmp_path.glob("*.part*"))
    assert not (tmp_path / "out.yuv").exists()
