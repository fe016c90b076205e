"""Every kind of file that stands for itself: each picture once, in order, at its time, and found again by a seek.

The footage is drawn so that every decoded picture tells its number.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from indexer.domain import Frame, MediaInfo
from indexer.media import DecodeNotes, frames_at, probe, read_frames
from tests.fakes.numbered_footage import READ_SIZE, assert_tiled, grid_us, number_of, numbers_of, write_numbered

COUNT = 30
_PAL = "-vf scale=720:576:flags=neighbor -aspect 4:3"
_HD = "-vf scale=1920:1080:flags=neighbor -pix_fmt yuv422p -c:v dnxhd -b:v 36M"
_H264 = "-c:v libx264 -pix_fmt yuv420p -g 12 -bf 3"
_H264_IN_ORDER = "-c:v libx264 -pix_fmt yuv420p -g 12 -bf 0"
_HEVC = "-c:v libx265 -pix_fmt yuv420p -g 12 -x265-params log-level=none"
_MPEG1 = "-c:v mpeg1video -q:v 2 -bf 2 -g 12"
_MPEG2 = "-c:v mpeg2video -q:v 2 -bf 2 -g 12"
_MPEG4 = "-c:v mpeg4 -q:v 2"
_VP8 = "-c:v libvpx -deadline realtime -cpu-used 8"
_VP9 = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8"
_AV1 = "-c:v libsvtav1 -preset 12 -crf 10"
_DV = f"-c:v dvvideo -pix_fmt yuv420p {_PAL}"
_MJPEG = "-c:v mjpeg -q:v 2"
_D10 = (
    "-c:v mpeg2video -vf scale=720:608:flags=neighbor -pix_fmt yuv422p -intra_vlc 1 -non_linear_quant 1 -ps 1 -qmin 1 "
    "-qmax 3 -b:v 30M -minrate 30M -maxrate 30M -bufsize 1200000 -rc_init_occupancy 1200000 -g 1 "
    "-flags +ildct+low_delay -dc 10 -f mxf_d10"
)
_FIELDS = "-vf scale=720:576:flags=neighbor,setfield=tff -flags +ilme+ildct"
_H264_FIELDS = f"-c:v libx264 -pix_fmt yuv420p -x264-params interlaced=1:tff=1 {_FIELDS}"
FORMATS = {
    # MP4 and its kin
    "long_gop.mp4": _H264,
    "in_order.mp4": _H264_IN_ORDER,
    "fragmented.mp4": f"{_H264} -movflags frag_keyframe+empty_moov",
    "hevc.mp4": _HEVC,
    "av1.mp4": _AV1,
    "vvc.mp4": "-c:v libvvenc",
    "h264.mov": _H264,
    "h264.m4v": _H264,
    "h264.f4v": _H264,
    "h263.3gp": "-c:v h263",
    "mpeg4.3g2": _MPEG4,
    "prores.mov": "-c:v prores_ks",
    "dnxhd.mov": _HD,
    "dnxhr.mov": "-c:v dnxhd -profile:v dnxhr_lb -pix_fmt yuv422p -vf scale=256:144:flags=neighbor",
    "dv.mov": _DV,
    "mjpeg.mov": _MJPEG,
    "animation.mov": "-c:v qtrle",
    "cineform.mov": "-c:v cfhd",
    "jpeg2000.mov": "-c:v jpeg2000",
    "png.mov": "-c:v png",
    "sorenson1.mov": "-c:v svq1",
    "v210.mov": "-c:v v210",
    "hap.mov": "-c:v hap",
    # Matroska
    "h264.mkv": _H264,
    "ffv1.mkv": "-c:v ffv1",
    "vp8.webm": _VP8,
    "vp9.webm": _VP9,
    "av1.webm": _AV1,
    # AVI
    "long_gop.avi": _H264,
    "in_order.avi": _H264_IN_ORDER,
    "mpeg4.avi": _MPEG4,
    "mpeg4_b_frames.avi": f"{_MPEG4} -bf 2",
    "msmpeg4.avi": "-c:v msmpeg4",
    "mjpeg.avi": _MJPEG,
    "huffyuv.avi": "-c:v huffyuv",
    "raw.avi": "-c:v rawvideo -pix_fmt yuv420p",
    "dv.avi": _DV,
    # broadcast
    "mpeg2.mxf": _MPEG2,
    "h264.mxf": _H264,
    "dnxhd.mxf": _HD,
    "d10.mxf": _D10,
    "op_atom.mxf": f"{_HD} -f mxf_opatom",
    "jpeg2000.mxf": "-c:v jpeg2000 -pix_fmt yuv422p",
    "mpeg2.gxf": f"{_MPEG2} {_PAL}",
    "dv.gxf": _DV,
    # MPEG program and transport streams
    "mpeg2.mpg": _MPEG2,
    "mpeg1.mpg": _MPEG1,
    "h264.mpg": f"{_H264} -f mpeg",
    "mpeg2.vob": f"{_MPEG2} -f vob",
    "h264.ts": _H264,
    "mpeg2.ts": _MPEG2,
    "hevc.ts": _HEVC,
    "packets_of_192.m2ts": f"{_H264} -mpegts_m2ts_mode 1",
    # Flash, Windows, Ogg, Real
    "sorenson.flv": "-c:v flv -q:v 2",
    "h264.flv": _H264,
    "screen.flv": "-c:v flashsv",
    "wmv2.wmv": "-c:v wmv2 -q:v 2",
    "msmpeg4.asf": "-c:v msmpeg4 -q:v 2",
    "h264.asf": _H264,
    "mpeg2.wtv": _MPEG2,
    "theora.ogv": "-c:v libtheora -q:v 8",
    "vp8.ogv": f"{_VP8} -f ogg",
    "rv10.rm": "-c:v rv10 -q:v 2",
    "rv20.rm": "-c:v rv20 -q:v 2",
    "flash.swf": "-c:v flv -q:v 2",
    # bare streams
    "bare.h264": _H264,
    "bare.in_order.h264": _H264_IN_ORDER,
    "bare.hevc": _HEVC,
    "bare.m1v": _MPEG1,
    "bare.m2v": _MPEG2,
    "bare.m4v": f"{_MPEG4} -bf 2 -f m4v",
    "bare.h263": "-c:v h263",
    "bare.h261": "-c:v h261",
    "bare.mjpeg": _MJPEG,
    "bare.drc": "-c:v vc2 -f dirac",
    "bare.obu": _AV1,
    "raw.dv": _DV,
    # two fields in a frame
    "fields.mpg": f"{_MPEG2} {_FIELDS}",
    "fields.mxf": f"{_MPEG2} {_FIELDS}",
    "fields.ts": _H264_FIELDS,
    "fields.mp4": _H264_FIELDS,
    # the rest
    "vp9.ivf": _VP9,
    "av1.ivf": _AV1,
    "h264.nut": _H264,
    "animated.gif": "",
    "animated.apng": "-f apng",
    "raw.y4m": "-pix_fmt yuv420p",
}
_NTSC = Fraction(30_000, 1001)
_RATES = {"h263.3gp": _NTSC, "bare.h263": _NTSC, "bare.h261": _NTSC}
_TICKS_US = {"mpeg2.gxf": 20_000}  # FFmpeg's demuxer gives the last picture the clock of its first field


@dataclass(frozen=True, slots=True)
class Made:
    path: Path
    rate: Fraction
    info: MediaInfo
    frames: list[Frame]
    notes: DecodeNotes


@pytest.fixture(scope="module", params=FORMATS)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    name: str = request.param
    rate = _RATES.get(name, Fraction(25))
    path = write_numbered(tmp_path_factory.mktemp("format") / name, *FORMATS[name].split(), rate=rate, count=COUNT)
    info, notes = probe(path), DecodeNotes()
    frames = list(read_frames(path, size=READ_SIZE, stream_index=info.stream_index, notes=notes))
    yield Made(path, rate, info, frames, notes)
    path.unlink()


def test_the_rate_is_exact(made: Made) -> None:
    assert made.info.rate == made.rate


def test_fields_are_told(made: Made) -> None:
    interlaced_by_nature = made.info.codec == "dvvideo" or made.path.name == "d10.mxf"
    assert made.info.interlaced == (made.path.name.startswith("fields.") or interlaced_by_nature)


def test_every_picture_once_and_in_order(made: Made) -> None:
    assert numbers_of(made.frames) == list(range(COUNT))


def test_every_picture_at_its_time(made: Made) -> None:
    slack = _TICKS_US.get(made.path.name, _tick_us(made.path))
    assert_on_grid(made.frames, made.rate, slack)


def test_a_sound_file_needs_no_warning(made: Made) -> None:
    if made.path.name.startswith("bare."):
        (warning,) = made.notes.warnings
        assert "no time stamps" in warning
    else:
        assert made.notes.warnings == ()


def test_frames_at_are_those_of_reading_in_order(made: Made) -> None:
    index = made.info.stream_index
    by_time = {frame.t_us: frame for frame in made.frames}
    starts = list(by_time)
    ends = [frame.t_us + frame.duration_us - 1 for frame in made.frames]
    for times, wanted in ((starts, starts), (ends, starts), (starts[::7], starts[::7]), (starts[-2:], starts[-2:])):
        reached = list(frames_at(made.path, times, longest_side=64, stream_index=index))
        assert [(frame.t_us, frame.duration_us) for frame in reached] == [(t, by_time[t].duration_us) for t in wanted]
        assert numbers_of(reached) == [number_of(by_time[t].pixels) for t in wanted]


RATES = (Fraction(24_000, 1001), Fraction(24), _NTSC, Fraction(30), Fraction(50), Fraction(60_000, 1001), Fraction(60))
CARRIERS = {
    "a.mp4": _H264,
    "a.mov": "-c:v prores_ks",
    "a.mkv": _H264,
    "a.webm": _VP8,
    "a.avi": _MJPEG,
    "a.mxf": _MPEG2,
    "a.ts": _H264,
    "a.mpg": _MPEG2,
    "a.flv": _H264,
    "a.wmv": "-c:v wmv2 -q:v 2",
    "a.ogv": "-c:v libtheora -q:v 8",
    "a.nut": _H264,
    "a.y4m": "-pix_fmt yuv420p",
    "a.h264": _H264,
    "a.m2v": _MPEG2,
}


@pytest.mark.parametrize("rate", RATES, ids=str)
@pytest.mark.parametrize("name", CARRIERS)
def test_rates_are_exact_rationals_in_every_container(tmp_path: Path, name: str, rate: Fraction) -> None:
    path = write_numbered(tmp_path / name, *CARRIERS[name].split(), rate=rate, count=40)
    frames = list(read_frames(path, size=READ_SIZE, stream_index=0))
    assert numbers_of(frames) == list(range(40))
    assert_on_grid(frames, rate, _tick_us(path))
    assert probe(path).rate == rate


def assert_on_grid(frames: list[Frame], rate: Fraction, slack_us: int) -> None:
    assert_tiled(frames)
    *starts, end = grid_us(len(frames) + 1, rate)
    assert max(abs(frame.t_us - wanted) for frame, wanted in zip(frames, starts, strict=True)) <= slack_us
    assert abs(frames[-1].t_us + frames[-1].duration_us - end) <= 2 * slack_us


def _tick_us(path: Path) -> int:
    """How far rounding in the container may move a picture: a tick of its clock, and our own rounding."""
    if path.suffix in (".mkv", ".webm", ".flv", ".wmv", ".asf", ".rm", ".swf"):
        return 1000
    return 25 if path.suffix in (".ts", ".m2ts", ".mpg", ".vob") else 1
