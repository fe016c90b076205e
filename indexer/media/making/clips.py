"""Make files from footage: clips, proxies, sound for transcribers, stills. All are exact to the frame.

Times are ours, from the first frame; the ffmpeg program counts from wherever a container says it starts, sound
included, so it is given absolute time stamps.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from indexer.domain import Reading
from indexer.errors import MediaRefused
from indexer.media.making.filters import Look, filters, look_of
from indexer.media.making.program import STALL_S, Options, run_ffmpeg
from indexer.media.pictures.jpeg import encode_jpeg
from indexer.media.reading.sampling import sampled_pictures
from indexer.media.reading.timeline import DecodeNotes
from indexer.media.sandbox.running import run_sandboxed
from indexer.timecode import TimeRange

_BEFORE_US = 3  # our times are rounded to microseconds: ask for a little earlier, lest the frame itself be missed
_RUN_UP_US = 1_000_000  # read before a cut: packets of sound that began earlier
_LONG_RUN_UP_US = 10_000_000  # where seeking is inexact
_SLOWEST = 5  # frames a second that are decoded at the least
_PROXY_SIDE = 960
_LOOKED_AT = 25  # first pictures: some streams are whole pictures for a while before fields come

_AS_STORED: Options = {
    "noautorotate": None,  # fields are brought together first; our own filters turn
    "flags": "+output_corrupt",  # damaged pictures count: we read them too
}
_PLAYABLE: Options = {
    "c:v": "libx264",
    "preset": "veryfast",
    "pix_fmt": "yuv420p",
    "fps_mode": "passthrough",  # every frame once, at its own time
    "enc_time_base:v": "1:90000",
    "video_track_timescale": 90000,
    "c:a": "aac",
    "ac": 2,
    "movflags": "+faststart",
    "map_metadata": -1,
    "f": "mp4",
}


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a stream's first frame lies on the file's own clock, and what its pictures are like."""

    stream_index: int
    first_us: int
    container_us: int  # where the earliest stream begins
    audio_index: int | None
    seekable: bool
    timed: bool  # whether its time stamps are those of its frames
    look: Look

    @property
    def streams(self) -> tuple[str, ...]:
        chosen = (self.stream_index, self.audio_index)
        return tuple(str(index) for index in chosen if index is not None)


def cut_clip(
    source: Path,
    span: TimeRange,
    out: Path,
    *,
    stream_index: int | None = None,
    clock: Literal["steady", "jumps"] = "steady",
) -> None:
    """Write the frames of `span`, and its sound, as an MP4 that browsers play (H.264, AAC, faststart).

    The clip begins with the frame shown from `span.start_us` and holds every frame that begins before `span.end_us`.
    The pictures look as `frames_at` gives them, with even sides, all in the size of the video's first one. Where the
    decode found the `clock` to jump, or there is none, the frames are counted from the start, and the sound is within a
    frame of them. Raises `MediaRefused`, `MediaFailed`.
    """
    start = _start_of(source, stream_index)
    with TemporaryDirectory() as folder:
        look = filters(start.look, None, folder=Path(folder))
        cut = _timed(span, start) if start.timed and clock == "steady" else _counted(source, span, start)
        chosen = ",".join(step for step in (cut.frames, look) if step)
        writing = {**_PLAYABLE, "crf": 20, **cut.writing, "vf": chosen}
        reading = {**_AS_STORED, **cut.reading}
        _run(source, out, reading=reading, streams=start.streams, writing=writing, skipped=cut.skipped)


def make_proxy(source: Path, out: Path, *, stream_index: int | None = None) -> None:
    """Write the whole video as a small MP4 (no side over 960 pixels) with the same frames at the same times."""
    start = _start_of(source, stream_index)
    reading, skip = _from(start, 0)
    with TemporaryDirectory() as folder:
        look = filters(start.look, _PROXY_SIDE, folder=Path(folder))
        writing = {**_PLAYABLE, "vf": look, "crf": 27, "g": 48, "b:a": "96k", **skip}
        _run(source, out, reading={**_AS_STORED, **reading}, streams=start.streams, writing=writing)


def extract_audio(source: Path, out: Path, *, rate: int = 16_000, stream_index: int | None = None) -> None:
    """Write the sound as mono 16-bit WAV whose first sample sounds with the first frame.

    Sound that begins later is led in by silence. Raises `MediaRefused("no_audio")` where there is none.
    """
    start = _start_of(source, stream_index)
    if start.audio_index is None:
        raise MediaRefused("no_audio", "this video has no sound; there is nothing to extract")
    begin = f"{start.first_us}us"
    aligned = f"atrim=start={begin},asetpts=PTS-{start.first_us}/1000000/TB,aresample=async=1:first_pts=0"
    writing: Options = {"ac": 1, "ar": rate, "c:a": "pcm_s16le", "f": "wav", "af": aligned}
    _run(source, out, reading={"copyts": None}, streams=(str(start.audio_index),), writing=writing)


def save_still(
    source: Path, t_us: int, out: Path, *, longest_side: int, stream_index: int | None = None, reading: Reading = "fast"
) -> None:
    """Write the frame shown at `t_us` as JPEG, upright, with square pixels, scaled down to `longest_side` at most."""
    index = _start_of(source, None).stream_index if stream_index is None else stream_index
    (frame,) = sampled_pictures(source, [t_us], longest_side=longest_side, stream_index=index, reading=reading)
    part = out.with_name(f".{out.stem}.{os.getpid()}.part{out.suffix}")
    try:
        part.write_bytes(encode_jpeg(frame.pixels))
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _run(
    source: Path, out: Path, *, reading: Options, streams: Sequence[str], writing: Options, skipped: int = 0
) -> None:
    from indexer.media.reading.opening import file_address, reading_options

    reading = {**reading_options(), **reading}
    patience_s = STALL_S + skipped / _SLOWEST  # nothing is written while frames are skipped
    run_ffmpeg(file_address(source), out, reading=reading, streams=streams, writing=writing, stall_s=patience_s)


@dataclass(frozen=True, slots=True)
class _Cut:
    """How the program is told which frames to take."""

    reading: Options
    writing: Options
    frames: str = ""  # a filter that comes before all others
    skipped: int = 0  # frames it decodes before the first


def _timed(span: TimeRange, start: _Start) -> _Cut:
    reading, skip = _from(start, span.start_us)
    return _Cut(reading, {**skip, "t": f"{span.duration_us - _BEFORE_US}us"})


def _counted(source: Path, span: TimeRange, start: _Start) -> _Cut:
    """The program closes jumps up as it reads, so sound is found by our time from where the file begins."""
    (frames,) = run_sandboxed(_numbers_of, source, span, start.stream_index, returns=_Numbers)
    lead_us = start.first_us - start.container_us
    sound = f"atrim=start={lead_us + span.start_us}us:end={lead_us + span.end_us}us,asetpts=PTS-STARTPTS"
    writing: Options = {} if start.audio_index is None else {"af": sound}
    counting: Options = {"reinit_filter": 0}  # where sizes change, a new chain of filters would count from 0 again
    chosen = f"trim=start_frame={frames.first}:end_frame={frames.end},setpts={frames.times}"
    return _Cut(counting, writing, chosen, skipped=frames.first)


def _from(start: _Start, t_us: int) -> tuple[Options, Options]:
    """Options that make reading begin at our `t_us`: those for the input, and what is then still to be skipped.

    Reading begins earlier, and what comes too early is decoded and dropped.
    """
    run_up = _RUN_UP_US if start.seekable else _LONG_RUN_UP_US
    wanted = start.first_us + t_us - _BEFORE_US
    if start.container_us == 0 and wanted <= run_up:  # no need to seek, and in AVI nothing is found before the start
        return {"seek_timestamp": 1}, {"ss": f"{max(0, wanted)}us"}
    begin = max(wanted - run_up, start.container_us)
    return {"seek_timestamp": 1, "ss": f"{begin}us"}, {"ss": f"{wanted - begin}us"}


def _start_of(source: Path, stream_index: int | None) -> _Start:
    (start,) = run_sandboxed(_look_for_start, source, stream_index, returns=_Start)
    return start


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Which frames of a file a span holds, counted from 0: the first, and the one after the last."""

    first: int
    end: int
    lasting_us: int
    even: bool  # whether they come at one rate

    @property
    def times(self) -> str:
        """An expression for the setpts filter: their own times, or where they are even ours, which know no overlaps."""
        return f"N*{self.lasting_us}/{self.end - self.first}/1000000/TB" if self.even else "PTS-STARTPTS"


def _numbers_of(source: Path, span: TimeRange, stream_index: int) -> Iterator[_Numbers]:
    from indexer.media.reading.frames import read_frames

    first = end = lasting_us = 0
    lengths: set[int] = set()
    for frame in read_frames(source, size=(16, 16), stream_index=stream_index, reading="careful"):
        if frame.t_us >= span.end_us:
            break
        end += 1
        if frame.t_us + frame.duration_us <= span.start_us:
            first = end
        else:
            lasting_us += frame.duration_us
            lengths.add(frame.duration_us)
    yield _Numbers(first, end, lasting_us, even=max(lengths) - min(lengths) <= 1)


def _look_for_start(source: Path, stream_index: int | None) -> Iterator[_Start]:
    from indexer.media.probing.first_pictures import start_us
    from indexer.media.reading.decoding import decoded_pictures, stamp_of
    from indexer.media.reading.frames import no_frames
    from indexer.media.reading.opening import first_video, open_media, prepare_stream
    from indexer.media.reading.placing import has_clock
    from indexer.media.reading.seeking import is_seekable
    from indexer.media.reading.streams import chosen_audio

    with open_media(source) as container:
        stream = first_video(container) if stream_index is None else prepare_stream(container, stream_index)
        shape, seekable = stream.sample_aspect_ratio, is_seekable(container, stream)
        audio = chosen_audio(container, stream)
        pictures = list(islice(decoded_pictures(container, stream, DecodeNotes()), _LOOKED_AT))
        if not pictures:
            raise no_frames()
        first_us = start_us(pictures, stream) if has_clock(container) else 0
        begins_us = first_us if container.start_time is None else min(container.start_time, first_us)
        stamps = [stamp for one in pictures if (stamp := stamp_of(one)) is not None]
        timed = has_clock(container) and stamps == sorted(stamps)  # else those of decoding
        audio_index = audio.index if audio else None
        yield _Start(stream.index, first_us, begins_us, audio_index, seekable, timed, look_of(pictures, shape))
