"""The start timecode, wherever a file states it: that of its first picture."""

import struct
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.domain import MediaInfo
from indexer.media import probe
from indexer.media.probing.coded_timecodes import StatedTimecode, smpte_text
from indexer.media.probing.quicktime import timecode_lead_s
from indexer.media.probing.start_timecode import chosen_timecode
from indexer.timecode import smpte_from_frames
from tests.fakes.numbered_footage import run_ffmpeg, write_numbered

PAL, NTSC = Fraction(25), Fraction(30000, 1001)
RATES = [Fraction(24000, 1001), Fraction(24), PAL, NTSC, Fraction(50), Fraction(60000, 1001), Fraction(120)]


def stated(info: MediaInfo) -> tuple[str | None, str | None]:
    return info.start_timecode.text if info.start_timecode else None, info.timecode_source


def made(path: Path, *options: object, rate: Fraction = PAL, size: str = "64x48", seconds: float = 0.4) -> MediaInfo:
    run_ffmpeg("-f", "lavfi", "-i", f"testsrc2=s={size}:r={rate}:d={seconds}", *options, path)
    return probe(path)


class TestContainers:
    @pytest.mark.parametrize(
        ("name", "options", "source"),
        [
            ("a.mov", ("-c:v", "mpeg4"), "tmcd track"),
            ("a.mp4", ("-c:v", "libx264"), "tmcd track"),
            ("a.mxf", ("-c:v", "mpeg2video"), "MXF material package"),
            ("b.mxf", ("-c:v", "mpeg2video", "-metadata", "reel_name=T0815"), "MXF source package"),
            ("a.mkv", ("-c:v", "mpeg4"), "Matroska tag"),
            ("a.avi", ("-c:v", "mpeg4"), "AVI header"),
            ("a.mpg", ("-c:v", "mpeg2video"), "MPEG GOP header"),
            ("a.m2v", ("-c:v", "mpeg2video"), "MPEG GOP header"),
            ("a.wmv", ("-c:v", "wmv2", "-metadata", "timecode=10:59:59;28"), "metadata tag"),
        ],
    )
    def test_with_drop_frame(self, tmp_path: Path, name: str, options: tuple[str, ...], source: str) -> None:
        info = made(tmp_path / name, *options, "-timecode", "10:59:59;28", rate=NTSC)
        assert (stated(info), info.warnings) == (("10:59:59;28", source), ())
        assert info.start_timecode is not None
        assert info.start_timecode.drop_frame

    @pytest.mark.parametrize(
        ("name", "options", "source"),
        [
            ("a.mov", ("-c:v", "mpeg4"), "tmcd track"),
            ("a.mxf", ("-c:v", "mpeg2video"), "MXF material package"),
            ("a.ts", ("-c:v", "mpeg2video"), "MPEG GOP header"),
            ("a.mkv", ("-c:v", "mpeg2video"), "Matroska tag"),
        ],
    )
    def test_without(self, tmp_path: Path, name: str, options: tuple[str, ...], source: str) -> None:
        info = made(tmp_path / name, *options, "-timecode", "10:00:00:05")
        assert (stated(info), info.warnings) == (("10:00:00:05", source), ())

    @pytest.mark.parametrize("name", ["a.mov", "a.mkv"])
    def test_of_ten_frames_a_second(self, tmp_path: Path, name: str) -> None:
        info = made(tmp_path / name, "-c:v", "mpeg4", "-timecode", "01:00:00:05", rate=Fraction(10))
        assert (stated(info)[0], info.warnings) == ("01:00:00:05", ())

    def test_of_gxf(self, tmp_path: Path) -> None:
        info = made(tmp_path / "a.gxf", "-c:v", "mpeg2video", "-timecode", "10:00:00:05", size="720x576")
        assert stated(info) == ("10:00:00:05", "GXF header")

    @pytest.mark.parametrize(
        ("rate", "size", "pixels", "text"),
        [(PAL, "720x576", "yuv420p", "10:00:00:05"), (NTSC, "720x480", "yuv411p", "10:00:00;05")],
    )
    def test_of_dv(self, tmp_path: Path, rate: Fraction, size: str, pixels: str, text: str) -> None:
        recorded = ("-metadata", "creation_time=1999-03-10T01:02:03Z")
        info = made(tmp_path / "a.dv", "-pix_fmt", pixels, "-timecode", text, *recorded, rate=rate, size=size)
        assert stated(info) == (text, "DV subcode")
        assert (info.recorded_at, info.interlaced) == ("1999-03-10T01:02:03", True)

    def test_of_dv_in_another_container(self, tmp_path: Path) -> None:
        made(tmp_path / "a.dv", "-pix_fmt", "yuv420p", "-timecode", "10:00:00:05", size="720x576")
        run_ffmpeg("-i", tmp_path / "a.dv", "-c", "copy", "-map_metadata", "-1", tmp_path / "b.avi")
        assert stated(probe(tmp_path / "b.avi")) == ("10:00:00:05", "DV subcode")

    def test_a_group_header_at_zero_is_none(self, tmp_path: Path) -> None:
        info = made(tmp_path / "a.mpg", "-c:v", "mpeg2video")
        assert (stated(info), info.warnings) == ((None, None), ())

    def test_a_reel_stands_with_the_timecode(self, tmp_path: Path) -> None:
        for name, codec, place in (("a.mov", "mpeg4", "-metadata:s:v"), ("a.mxf", "mpeg2video", "-metadata")):
            options = ("-c:v", codec, "-timecode", "10:00:00:00", place, "reel_name=A001")
            assert made(tmp_path / name, *options).reel == "A001"

    def test_of_hevc_pictures(self, tmp_path: Path) -> None:
        path = tmp_path / "a.hevc"
        made(path, "-c:v", "libx265", "-x265-params", "log-level=none")
        path.write_bytes(with_timecode_sei(path.read_bytes(), (10, 20, 30, 12)))
        assert stated(probe(path)) == ("10:20:30:12", "timecode SEI")


class TestFirstPicture:
    """What a timecode track says is the time of its own start."""

    def test_a_track_whose_start_is_cut_off(self, tmp_path: Path) -> None:
        path = tmp_path / "a.mov"
        made(path, "-c:v", "mpeg4", "-timecode", "10:00:00:20", seconds=2)
        begin_tracks_at(path, Fraction(2, 5))
        assert timecode_lead_s(path, 1) == Fraction(2, 5)
        assert stated(probe(path)) == ("10:00:01:05", "tmcd track")

    def test_pictures_that_begin_after_the_track(self, tmp_path: Path) -> None:
        video = ("-itsoffset", "1.2", "-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=0.4")
        path = tmp_path / "a.mov"
        run_ffmpeg("-f", "lavfi", "-i", "sine=d=2", *video, "-c:v", "mpeg4", "-timecode", "23:59:59:00", path)
        assert stated(probe(path)) == ("00:00:00:05", "tmcd track")

    def test_pictures_that_wait_for_reordering(self, tmp_path: Path) -> None:
        """Fragments have no edit list: the first picture's time is that of the second as coded."""
        flags = ("-movflags", "frag_keyframe+empty_moov+delay_moov", "-use_editlist", "0", "-write_tmcd", "1")
        info = made(tmp_path / "a.mp4", "-c:v", "libx264", "-bf", "2", *flags, "-timecode", "10:00:00:00")
        assert info.start_us > 0
        assert stated(info)[0] == "10:00:00:00"

    def test_a_group_whose_first_pictures_cannot_be_decoded(self, tmp_path: Path) -> None:
        """Cut out of an open group, which begins with pictures that need the group before."""
        options = ("-c:v", "mpeg2video", "-bf", "2", "-g", "12", "-f", "mpeg2video")
        path = write_numbered(tmp_path / "a.m2v", *options, "-timecode", "10:00:00:00", count=40)
        stream = path.read_bytes()
        second = stream.find(b"\0\0\1\xb3", stream.find(b"\0\0\1\xb8"))
        path.write_bytes(stream[second:])
        info = probe(path)
        first = second_group_time(stream[second:])
        assert stated(info) == (smpte_from_frames(first + 2, PAL, drop_frame=False), "MPEG GOP header")


class TestChoice:
    def test_the_first_is_taken_and_disagreement_told(self) -> None:
        chosen = chosen_timecode(
            [StatedTimecode("10:00:00:00", "tmcd track"), StatedTimecode("01:00:00:00", "GOP")], PAL
        )
        assert (chosen.timecode and chosen.timecode.text, chosen.source) == ("10:00:00:00", "tmcd track")
        assert "01:00:00:00" in chosen.warnings[0]

    def test_agreement_is_silent(self) -> None:
        assert chosen_timecode([StatedTimecode("10:00:00:00", one) for one in "ab"], PAL).warnings == ()

    @pytest.mark.parametrize(
        "text", ["24:00:00:00", "10:60:00:00", "10:00:00:25", "-1:00:00:00", "", "10:00:00", "ten"]
    )
    def test_what_is_none_is_told_and_the_next_taken(self, text: str) -> None:
        chosen = chosen_timecode([StatedTimecode(text, "tag"), StatedTimecode("01:00:00:00", "GOP")], PAL)
        assert (chosen.source, len(chosen.warnings)) == ("GOP", 1)

    def test_a_number_that_is_dropped(self) -> None:
        chosen = chosen_timecode([StatedTimecode("10:01:00;00", "tag")], NTSC)
        assert chosen.timecode is None
        assert "does not exist" in chosen.warnings[0]

    def test_drop_frame_where_none_are_dropped(self) -> None:
        chosen = chosen_timecode([StatedTimecode("10:00:00;05", "tag")], PAL)
        assert chosen.timecode is not None
        assert (chosen.timecode.text, chosen.timecode.drop_frame) == ("10:00:00:05", False)
        assert "drop-frame" in chosen.warnings[0]

    def test_separators(self) -> None:
        for text in ("01;00;00;02", "01:00:00.02", "01:00:00,02"):
            chosen = chosen_timecode([StatedTimecode(text, "tag")], NTSC)
            assert chosen.timecode is not None
            assert chosen.timecode.text == "01:00:00;02"

    @pytest.mark.parametrize("text", ["01:00:00:5", "01:00:00:05", "01:00:00:005"])
    def test_few_frames_a_second_have_few_digits(self, text: str) -> None:
        chosen = chosen_timecode([StatedTimecode(text, "tag")], Fraction(10))
        assert chosen.timecode is not None
        assert (chosen.timecode.text, chosen.warnings) == ("01:00:00:05", ())

    def test_of_a_variable_rate(self) -> None:
        chosen = chosen_timecode([StatedTimecode("10:00:00:05", "tag", 30)], None)
        assert chosen.timecode is not None
        assert chosen.timecode.text == "10:00:00:05"

    @given(st.sampled_from(RATES), st.integers(0, 10**7), st.integers(-(10**5), 10**5), st.booleans())
    def test_moved_on_by_frames(self, rate: Fraction, frames: int, before: int, drop: bool) -> None:
        drop_frame = drop and rate.denominator == 1001 and rate.numerator % 30000 == 0
        first, moved = (smpte_from_frames(count, rate, drop_frame=drop_frame) for count in (frames, frames + before))
        chosen = chosen_timecode([StatedTimecode(first, "tag", before)], rate)
        assert chosen.warnings == ()
        assert chosen.timecode is not None
        assert chosen.timecode.text == moved

    @given(st.text(max_size=14), st.sampled_from([*RATES, None]))
    def test_any_text_is_taken_or_told(self, text: str, rate: Fraction | None) -> None:
        chosen = chosen_timecode([StatedTimecode(text, "tag")], rate)
        assert (chosen.timecode is None) == (chosen.source is None)
        assert chosen.timecode is not None or chosen.warnings


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), st.integers(0, 29), st.booleans())
def test_smpte_bits(hours: int, minutes: int, seconds: int, frames: int, drop: bool) -> None:
    flags = drop << 30 | 0b1000_0000 << 16  # the drop-frame flag, and one that is no digit
    word = int(f"{frames:02}", 16) << 24 | int(f"{seconds:02}", 16) << 16 | int(f"{minutes:02}", 16) << 8
    text = smpte_text(word | int(f"{hours:02}", 16) | flags, drops_frames=True)
    assert text == f"{hours:02}:{minutes:02}:{seconds:02}{';' if drop else ':'}{frames:02}"
    assert smpte_text(word, drops_frames=False)[8] == ":"


def begin_tracks_at(path: Path, second: Fraction) -> None:
    """Make every track's edit list begin so late in the track, as a trim does."""
    content = bytearray(path.read_bytes())
    scales = [struct.unpack_from(">I", content, place + 16)[0] for place in places(content, b"mdhd")]
    for place, scale in zip(places(content, b"elst"), scales, strict=True):
        struct.pack_into(">i", content, place + 16, int(second * scale))
    path.write_bytes(content)


def places(content: bytearray, kind: bytes) -> list[int]:
    return [place for place in range(len(content)) if content.startswith(kind, place)]


def second_group_time(stream: bytes) -> int:
    """The time in a group header at 25 frames a second, in frames."""
    place = stream.index(b"\0\0\1\xb8") + 4
    code = int.from_bytes(stream[place : place + 4], "big") >> 7
    hours, minutes, seconds, frames = code >> 19 & 31, code >> 13 & 63, code >> 6 & 63, code & 63
    return ((hours * 60 + minutes) * 60 + seconds) * 25 + frames


def with_timecode_sei(stream: bytes, clock: tuple[int, int, int, int]) -> bytes:
    """An HEVC stream with a time code SEI message (ISO/IEC 23008-2, D.2.27) before its first slice."""
    hours, minutes, seconds, frames = clock
    fields = ((1, 2), (1, 1), (1, 1), (0, 5), (1, 1), (0, 1), (0, 1), (frames, 9))
    bits = "".join(f"{value:0{width}b}" for value, width in (*fields, (seconds, 6), (minutes, 6), (hours, 5), (0, 5)))
    payload = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    message = b"\0\0\0\1\x4e\x01" + bytes([136, len(payload)]) + payload + b"\x80"
    place = next(at for at in range(len(stream)) if stream[at : at + 3] == b"\0\0\1" and stream[at + 3] >> 1 < 32)
    return stream[:place] + message + stream[place:]


@given(data=st.binary(max_size=200), place=st.floats(0, 1))
def test_a_damaged_index_is_no_trouble(film: Path, data: bytes, place: float) -> None:
    content = film.read_bytes()
    index = content.rindex(b"moov")
    start = index + int(place * (len(content) - index))
    damaged = film.with_name("damaged.mov")
    damaged.write_bytes(content[:start] + data + content[start + len(data) // 2 :])
    assert isinstance(timecode_lead_s(damaged, 1), Fraction)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "a.mov"
    made(path, "-c:v", "mpeg4", "-timecode", "10:00:00:20")
    return path
