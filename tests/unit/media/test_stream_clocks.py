"""Time as the data model defines it, in files whose own clocks are anything but simple.

`t_us = floor((pts - first_pts) * time_base * 10^6 + 1/2)`; frames follow each other without gap or overlap; where time
stamps run back or leap, a new stretch begins one frame after the last.
"""

import struct
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import pytest

from indexer.domain import Frame
from indexer.media import DecodeNotes, frames_at, probe, read_frames
from indexer.timecode import stream_time_us
from tests.fakes.numbered_footage import (
    READ_SIZE,
    assert_tiled,
    grid_us,
    numbers_of,
    read_all,
    run_ffmpeg,
    write_numbered,
    write_stamped,
)

MS = Fraction(1, 1000)
TICK = Fraction(1, 90_000)
H264 = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "12")
MPEG2 = ("-c:v", "mpeg2video", "-q:v", 2, "-g", 12)
TS = ("-muxdelay", 0, "-muxpreload", 0)
_WRAP_US = 2**33 / 90_000 * 1_000_000
TWENTY_FIVE = grid_us(31, Fraction(25))


def starts(frames: Sequence[Frame]) -> list[int]:
    return [frame.t_us for frame in frames]


def end_of(frames: Sequence[Frame]) -> int:
    return frames[-1].t_us + frames[-1].duration_us


def assert_found_again(path: Path, frames: Sequence[Frame]) -> None:
    """`frames_at` gives these frames for the first and last microsecond of each."""
    _, notes = read_with_notes(path)
    reading = notes.decoded.reading
    for moments in (starts(frames), [frame.t_us + frame.duration_us - 1 for frame in frames]):
        reached = list(frames_at(path, moments, longest_side=64, stream_index=0, reading=reading))
        assert starts(reached) == starts(frames)
        assert numbers_of(reached) == numbers_of(frames)
    for frame in (frames[0], frames[len(frames) // 2], frames[-1]):
        (reached_alone,) = frames_at(path, [frame.t_us], longest_side=64, stream_index=0, reading=reading)
        assert (reached_alone.t_us, reached_alone.duration_us) == (frame.t_us, frame.duration_us)


def read_with_notes(path: Path) -> tuple[list[Frame], DecodeNotes]:
    notes = DecodeNotes()
    return list(read_frames(path, size=READ_SIZE, stream_index=0, notes=notes)), notes


class TestVariableRates:
    STAMPS = (0, 40, 41, 80, 333, 334, 335, 1000, 2500, 2517, 2533, 9000, 9040, 12_000, 12_001)

    @pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv", "a.webm", "a.nut", "a.flv"])
    def test_every_stamp_counts(self, tmp_path: Path, name: str) -> None:
        codec = "libvpx" if name == "a.webm" else "libx264"
        path = write_stamped(tmp_path / name, self.STAMPS, MS, codec=codec)
        frames, notes = read_with_notes(path)
        assert numbers_of(frames) == list(range(len(self.STAMPS)))
        assert starts(frames) == [1000 * stamp for stamp in self.STAMPS]
        assert_tiled(frames)
        assert probe(path).rate is None
        assert notes.warnings == ()
        assert_found_again(path, frames)

    def test_a_clock_that_does_not_divide_microseconds(self, tmp_path: Path) -> None:
        base, stamps = Fraction(1, 30_000), [1001 * n + n * n for n in range(40)]
        frames = read_all(write_stamped(tmp_path / "a.mp4", stamps, base))
        assert starts(frames) == [stream_time_us(stamp, 0, base) for stamp in stamps]

    def test_a_clock_of_whole_seconds(self, tmp_path: Path) -> None:
        path = write_numbered(tmp_path / "a.mp4", *H264, "-video_track_timescale", 1, rate=Fraction(1), count=9)
        with av.open(str(path)) as container:
            assert container.streams.video[0].time_base == 1
        frames = read_all(path)
        assert starts(frames) == [1_000_000 * n for n in range(9)]
        assert end_of(frames) == 9_000_000


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi", "a.ts"])
@pytest.mark.parametrize("rate", [Fraction(240), Fraction(100), Fraction(1000), Fraction(1, 2), Fraction(1, 9)])
def test_very_fast_and_very_slow(tmp_path: Path, name: str, rate: Fraction) -> None:
    options = ("-c:v", "mjpeg", "-q:v", 2) if name == "a.avi" else H264
    path = write_numbered(tmp_path / name, *options, rate=rate, count=20)
    frames, notes = read_with_notes(path)
    assert numbers_of(frames) == list(range(20))
    slack = {".mkv": 1000, ".ts": 25}.get(path.suffix, 1)
    wanted = grid_us(21, rate)
    assert all(abs(frame.t_us - t) <= slack for frame, t in zip(frames, wanted, strict=False))
    assert_tiled(frames)
    assert notes.jumps == 0
    assert_found_again(path, frames)


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv", "a.avi", "a.nut", "a.gif"])
def test_a_frame_a_minute(tmp_path: Path, name: str) -> None:
    """Longer than the gap from which a clock is taken to have jumped, and yet honest."""
    options = {"a.avi": ("-c:v", "mjpeg"), "a.gif": ()}.get(name, H264)
    frames, notes = read_with_notes(write_numbered(tmp_path / name, *options, rate=Fraction(1, 60), count=6))
    assert starts(frames) == [60_000_000 * n for n in range(6)]
    assert end_of(frames) in (360_000_000, 300_000_000 + 60_000_000)
    assert notes.warnings == ()


class TestHoles:
    """Thirty seconds without a frame."""

    STAMPS = tuple(40 * n for n in range(10)) + tuple(30_400 + 40 * n for n in range(10))

    @pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.nut"])
    def test_where_one_clock_runs_through_it_is_a_still_picture(self, tmp_path: Path, name: str) -> None:
        path = write_stamped(tmp_path / name, self.STAMPS, MS)
        frames, notes = read_with_notes(path)
        assert starts(frames) == [1000 * stamp for stamp in self.STAMPS]
        assert frames[9].duration_us == 30_040_000
        assert notes.jumps == 0
        assert_found_again(path, frames)

    def test_in_a_transport_stream_it_is_a_jump_and_told(self, tmp_path: Path) -> None:
        path = write_stamped(tmp_path / "a.ts", [90 * stamp for stamp in self.STAMPS], TICK)
        frames, notes = read_with_notes(path)
        assert starts(frames) == TWENTY_FIVE[:20]
        assert notes.jumps == 1
        assert [stretch.t_us for stretch in notes.stretches] == [0, 400_000]
        assert notes.stretches[1].stream_us - notes.stretches[0].stream_us == 30_400_000
        assert_found_again(path, frames)


class TestGroupsOfPictures:
    OPEN = ("-x264-params", "open-gop=1:keyint=10:bframes=3:scenecut=0")

    @pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts"])
    def test_open_groups(self, tmp_path: Path, name: str) -> None:
        options = (
            "-c:v",
            "libx264",
            "-pix_fmt",
            "yuv420p",
            "-x264-params",
            "open-gop=1:keyint=10:bframes=4:scenecut=0",
        )
        path = write_numbered(tmp_path / name, *options, count=200)
        frames = read_all(path)
        assert numbers_of(frames) == list(range(200))
        assert starts(frames) == grid_us(200, Fraction(25))
        assert_found_again(path, frames)

    @pytest.mark.parametrize("name", ["a.mkv", "a.ts"])
    @pytest.mark.parametrize("first", [1, 5, 14])
    def test_a_file_that_begins_amid_a_group(self, tmp_path: Path, name: str, first: int) -> None:
        """What cannot be decoded is no frame: the first that can is at 0, and none is lost after the first keyframe."""
        options = (
            "-c:v",
            "libx264",
            "-pix_fmt",
            "yuv420p",
            "-x264-params",
            "open-gop=1:keyint=10:bframes=3:scenecut=0",
        )
        path = without_packets(write_numbered(tmp_path / f"whole_{name}", *options, count=100), first, tmp_path / name)
        frames = read_all(path)
        numbers = numbers_of(frames)
        assert numbers[-70:] == list(range(30, 100))
        assert numbers == sorted(numbers)
        assert_tiled(frames)
        last = frames[-1].t_us
        assert starts(frames[-70:]) == [last - TWENTY_FIVE[1] * (99 - number) for number in range(30, 100)]
        assert_found_again(path, frames[-70:])


class TestEditLists:
    def test_frames_cut_away_are_no_frames(self, tmp_path: Path) -> None:
        whole = write_numbered(tmp_path / "whole.mp4", *H264, "-bf", 2, count=100)
        run_ffmpeg("-ss", 0.72, "-i", whole, "-c", "copy", tmp_path / "cut.mp4")
        frames = read_all(tmp_path / "cut.mp4")
        assert numbers_of(frames) == list(range(18, 100))
        assert starts(frames) == grid_us(82, Fraction(25))
        assert_found_again(tmp_path / "cut.mp4", frames)

    @pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv"])
    @pytest.mark.parametrize(("video_s", "sound_s"), [(1.5, 0), (0, 1.5), (2.5, 1)])
    def test_sound_that_begins_earlier_or_later(
        self, tmp_path: Path, name: str, video_s: float, sound_s: float
    ) -> None:
        picture = write_numbered(tmp_path / "picture.mp4", *H264, "-bf", 2)
        sound = ("-itsoffset", sound_s, "-f", "lavfi", "-i", "sine=duration=2")
        codecs = ("-map", 0, "-map", 1, "-c:v", "copy", "-c:a", "aac")
        run_ffmpeg("-itsoffset", video_s, "-i", picture, *sound, *codecs, tmp_path / name)
        frames, notes = read_with_notes(tmp_path / name)
        assert numbers_of(frames) == list(range(30))
        assert starts(frames) == TWENTY_FIVE[:30]
        assert notes.warnings == ()
        assert abs(probe(tmp_path / name).start_us - video_s * 1_000_000) <= 25_000, "an AAC frame may come before 0"
        assert_found_again(tmp_path / name, frames)


class TestOffsets:
    @pytest.mark.parametrize("name", ["a.ts", "a.mkv", "a.nut", "a.flv", "a.mpg"])
    @pytest.mark.parametrize("offset", [3600, 90_000])
    def test_time_counts_from_the_first_frame(self, tmp_path: Path, name: str, offset: int) -> None:
        codec = MPEG2 if name == "a.mpg" else H264
        path = write_numbered(tmp_path / name, *codec, "-bf", 2, *TS, "-output_ts_offset", offset)
        frames, notes = read_with_notes(path)
        assert numbers_of(frames) == list(range(30))
        assert starts(frames) == TWENTY_FIVE[:30]
        assert notes.warnings == ()
        info = probe(path)
        assert abs(info.start_us - offset * 1_000_000) <= 1_200_000
        assert [(one.t_us, one.stream_us) for one in notes.stretches] == [(0, info.start_us)]
        assert_found_again(path, frames)

    def test_time_before_zero(self, tmp_path: Path) -> None:
        path = write_numbered(tmp_path / "a.flv", "-c:v", "flv", "-q:v", 2)
        path.write_bytes(shifted_flash(path.read_bytes(), -700))
        frames, notes = read_with_notes(path)
        assert numbers_of(frames) == list(range(30))
        assert starts(frames) == TWENTY_FIVE[:30]
        assert notes.warnings == ()
        assert probe(path).start_us == -700_000
        assert_found_again(path, frames)

    @pytest.mark.parametrize("before_s", [0.04, 0.5, 1.0])
    def test_the_33_bit_clock_starts_again(self, tmp_path: Path, before_s: float) -> None:
        offset = 2**33 / 90_000 - before_s
        path = write_numbered(tmp_path / "a.ts", *H264, "-bf", 2, *TS, "-output_ts_offset", offset)
        frames, notes = read_with_notes(path)
        assert numbers_of(frames) == list(range(30))
        assert starts(frames) == TWENTY_FIVE[:30]
        assert notes.jumps == 0
        assert_found_again(path, frames)


class TestJoined:
    """Files joined end to end, byte by byte."""

    def part(self, folder: Path, name: str, offset: float, *, rate: Fraction = Fraction(25)) -> bytes:
        path = write_numbered(folder / name, *H264, "-bf", 2, *TS, "-output_ts_offset", offset, rate=rate)
        return path.read_bytes()

    @pytest.mark.parametrize(
        ("first", "second"), [(10, 3610), (3610, 10), (10, 10), (10, 10.4), (10, 10.8), (10, 11), (90_000, 10)]
    )
    def test_a_jump_is_closed_up_and_told(self, tmp_path: Path, first: int, second: int) -> None:
        path = tmp_path / "a.ts"
        path.write_bytes(self.part(tmp_path, "1.ts", first) + self.part(tmp_path, "2.ts", second))
        frames, notes = read_with_notes(path)
        assert numbers_of(frames) == [*range(30), *range(30)]
        assert starts(frames) == grid_us(60, Fraction(25))
        assert notes.jumps == 1
        assert [stretch.t_us for stretch in notes.stretches] == [0, 1_200_000]
        gap_us = notes.stretches[1].stream_us - notes.stretches[0].stream_us
        off_us = (gap_us - (second - first) * 1_000_000) % _WRAP_US
        assert min(off_us, _WRAP_US - off_us) <= 12
        assert_found_again(path, frames)

    @pytest.mark.parametrize("second", [11.2, 10, 3600])
    def test_of_different_rates(self, tmp_path: Path, second: float) -> None:
        path = tmp_path / "a.ts"
        fast = self.part(tmp_path, "2.ts", second, rate=Fraction(50))
        path.write_bytes(self.part(tmp_path, "1.ts", 10) + fast)
        frames, _ = read_with_notes(path)
        assert numbers_of(frames) == [*range(30), *range(30)]
        assert starts(frames) == TWENTY_FIVE[:30] + [1_200_000 + 20_000 * n for n in range(30)]
        assert_tiled(frames)

    def test_flash_video_whose_clock_runs_back(self, tmp_path: Path) -> None:
        one = write_numbered(tmp_path / "1.flv", "-c:v", "flv", "-q:v", 2).read_bytes()
        path = tmp_path / "a.flv"
        path.write_bytes(one + one[13:])
        frames, notes = read_with_notes(path)
        assert numbers_of(frames) == [*range(30), *range(30)]
        assert starts(frames) == grid_us(60, Fraction(25))
        assert notes.jumps == 1
        assert_found_again(path, frames)


class TestImpossibleStamps:
    def test_two_frames_at_one_time(self, tmp_path: Path) -> None:
        """None is lost, and each has a time of its own."""
        stamps = [40 * n for n in range(30)]
        stamps[10] = stamps[9]
        path = restamped(write_numbered(tmp_path / "1.mkv", *H264, "-bf", 0), stamps, tmp_path / "a.mkv")
        frames, notes = read_with_notes(path)
        assert numbers_of(frames) == list(range(30))
        assert_tiled(frames)
        assert starts(frames)[11:] == [1000 * stamp for stamp in stamps[11:]]
        assert notes.warnings
        assert_found_again(path, frames)

    def test_a_keyframe_at_the_time_of_the_frame_before(self, tmp_path: Path) -> None:
        stamps = [40 * n for n in range(200)]
        stamps[100] = stamps[99]
        whole = write_numbered(tmp_path / "1.mkv", *H264, "-bf", 0, "-x264-params", "keyint=25:scenecut=0", count=200)
        path = restamped(whole, stamps, tmp_path / "a.mkv")
        frames, notes = read_with_notes(path)
        assert starts(frames[98:102]) == [3_920_000, 3_960_000, 3_960_001, 4_040_000]
        for frame in frames[90:110]:
            (reached,) = frames_at(path, [frame.t_us], longest_side=64, stream_index=0, reading=notes.decoded.reading)
            assert (reached.t_us, reached.duration_us) == (frame.t_us, frame.duration_us)
            assert numbers_of([reached]) == numbers_of([frame])

    @pytest.mark.parametrize("delta", [0, 1])
    def test_frames_that_last_no_time(self, tmp_path: Path, delta: int) -> None:
        path = write_numbered(tmp_path / "a.mp4", *H264, "-bf", 0)
        patch_box(path, b"stts", lambda body: body[:-4] + struct.pack(">I", delta))
        frames = read_all(path)
        assert numbers_of(frames) == list(range(30))
        assert_tiled(frames)
        assert_found_again(path, frames)

    @pytest.mark.parametrize("first", [2**62, 2**63 - 30 * 512 - 1])
    def test_stamps_at_the_end_of_64_bits(self, tmp_path: Path, first: int) -> None:
        options = ("-bf", 0, "-g", 99, "-sc_threshold", 0, "-movflags", "frag_keyframe+empty_moov")
        path = write_numbered(tmp_path / "a.mp4", *H264, *options, count=10)
        patch_box(path, b"tfdt", lambda body: b"\x01\0\0\0" + struct.pack(">Q", first))
        frames = read_all(path)
        assert numbers_of(frames) == list(range(10))
        assert_tiled(frames)
        assert starts(frames) == TWENTY_FIVE[:10]


@pytest.mark.parametrize("name", ["a.m2v", "a.mpg", "a.ts", "a.mkv"])
def test_soft_telecine(tmp_path: Path, name: str) -> None:
    """24000/1001 pictures a second, flagged to be shown for three and two fields by turns at 60000/1001 fields."""
    bare = write_numbered(tmp_path / "bare.m2v", "-c:v", "mpeg2video", "-q:v", 2, "-bf", 0, "-g", 12)
    bare.write_bytes(with_pulldown(bare.read_bytes()))
    path = tmp_path / name
    if name != "a.m2v":
        run_ffmpeg("-fflags", "+genpts", "-i", bare, "-c", "copy", *TS, path)
    else:
        bare.rename(path)
    frames = read_with_notes(path)[0][:-1]  # copied from a bare stream, the last stamp is FFmpeg's guess
    assert numbers_of(frames) == list(range(29))
    fields = [n // 2 * 5 + n % 2 * 3 for n in range(29)]
    wanted = [stream_time_us(field, 0, Fraction(1001, 60_000)) for field in fields]
    assert_tiled(frames)
    slack = 1000 if name == "a.mkv" else 25
    assert max(abs(frame.t_us - t) for frame, t in zip(frames, wanted, strict=True)) <= slack


def without_packets(path: Path, count: int, out: Path) -> Path:
    """A copy that lacks the first packets."""
    with av.open(str(path)) as source, av.open(str(out), "w") as target:
        copy = target.add_stream_from_template(source.streams.video[0])
        for number, packet in enumerate(source.demux(source.streams.video[0])):
            if number >= count and packet.dts is not None:
                packet.stream = copy
                target.mux(packet)
    return out


def restamped(path: Path, stamps_ms: Sequence[int], out: Path) -> Path:
    """A copy with other time stamps, as they come."""
    with av.open(str(path)) as source, av.open(str(out), "w") as target:
        copy = target.add_stream_from_template(source.streams.video[0])
        for stamp, packet in zip(stamps_ms, source.demux(source.streams.video[0]), strict=False):
            packet.time_base = MS
            packet.pts = packet.dts = stamp
            packet.stream = copy
            target.mux(packet)
    return out


def shifted_flash(content: bytes, milliseconds: int) -> bytes:
    """A Flash video with the time stamps of its pictures moved."""
    moved, place = bytearray(content), 13
    while place < len(content):
        length = int.from_bytes(content[place + 1 : place + 4], "big")
        stamp = int.from_bytes(content[place + 4 : place + 7], "big") + milliseconds
        low = stamp.to_bytes(4, "big", signed=True)
        if content[place] == 9:  # video
            moved[place + 4 : place + 8] = low[1:] + low[:1]
        place += 11 + length + 4
    return bytes(moved)


def patch_box(path: Path, kind: bytes, change: Callable[[bytes], bytes]) -> None:
    """Change the body of every MP4 box of a kind; it keeps its length."""
    content = bytearray(path.read_bytes())
    place = content.find(kind)
    assert place > 0
    while place > 0:
        length = int.from_bytes(content[place - 4 : place], "big") - 8
        body = change(bytes(content[place + 4 : place + 4 + length]))
        assert len(body) == length
        content[place + 4 : place + 4 + length] = body
        place = content.find(kind, place + 4)
    path.write_bytes(content)


def with_pulldown(stream: bytes) -> bytes:
    """MPEG-2 with the frame rate of 30000/1001, interlaced, and repeat-first-field flags 3:2."""
    content, number, place = bytearray(stream), 0, stream.find(b"\0\0\1")
    while place >= 0:
        kind = content[place + 3]
        if kind == 0xB3:
            content[place + 7] = content[place + 7] & 0xF0 | 4
        elif kind == 0xB5 and content[place + 4] >> 4 == 1:
            content[place + 5] &= ~0x08
        elif kind == 0xB5 and content[place + 4] >> 4 == 8:
            top_first, repeat = ((1, 1), (0, 0), (0, 1), (1, 0))[number % 4]
            content[place + 7] = content[place + 7] & 0x7D | top_first << 7 | repeat << 1
            content[place + 8] |= 0x80
            number += 1
        place = stream.find(b"\0\0\1", place + 3)
    return bytes(content)
