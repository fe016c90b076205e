"""Films to files: H.264 or VP9, with sound, title, date, start timecode and rotation as asked."""

import shutil
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import imageio_ffmpeg
import numpy as np

from data.drawing.programme import Film
from data.drawing.sound import RATE, make_sound

VARYING_BASE = Fraction(1, 90_000)
H264 = {"crf": "27", "preset": "slow", "tune": "animation"}
VP9 = {"crf": "38", "b": "0", "deadline": "good", "cpu-used": "3", "row-mt": "1"}


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How a film is put into its file. The file's name decides the container; .webm means VP9 and Opus."""

    title: str
    sound: str | None = None  # a key of sound.SOUNDS
    start_timecode: str | None = None
    rotation: int = 0  # degrees clockwise by which a player turns the stored picture: 0, 90, 180 or 270
    recorded_at: str | None = None  # ISO 8601


def write_film(film: Film, path: Path, wrapping: Wrapping) -> None:
    """Writes `path`; a file of that name is replaced once the new one is whole."""
    with TemporaryDirectory() as folder:
        made = Path(folder) / path.name
        _encode(film, made, wrapping)
        if wrapping.rotation:
            made = _marked_as_rotated(made, wrapping.rotation)
        shutil.move(made, path)


def stored_times(path: Path) -> tuple[int, ...]:
    """Microseconds from the first frame of every frame as the file has them, and last, of the end.

    Read back and not taken from the film: Matroska rounds to milliseconds.
    """
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        if stream.time_base is None:
            raise ValueError(f"{path}: the video stream has no time base")
        packets = [(packet.pts, packet.duration or 0) for packet in container.demux(stream) if packet.pts is not None]
        base = stream.time_base * 1_000_000
    packets.sort()
    first, (last, duration) = packets[0][0], packets[-1]
    return tuple(int((pts - first) * base + Fraction(1, 2)) for pts in (*(pts for pts, _ in packets), last + duration))


def _encode(film: Film, path: Path, wrapping: Wrapping) -> None:
    web = path.suffix == ".webm"
    flags = {"movflags": "+faststart"} if path.suffix in (".mp4", ".mov") else {}
    with av.open(str(path), "w", options=flags) as container:
        container.metadata.update(_tags(wrapping))
        stream = container.add_stream(
            "libvpx-vp9" if web else "libx264", rate=film.rate or 30, options=VP9 if web else H264
        )
        width, height = film.size
        stream.width, stream.height = (height, width) if wrapping.rotation in (90, 270) else (width, height)
        stream.pix_fmt = "yuv420p"
        base = VARYING_BASE if film.rate is None else 1 / film.rate
        stream.time_base = stream.codec_context.time_base = base
        stream.codec_context.gop_size = 150
        if wrapping.start_timecode is not None:
            stream.metadata["timecode"] = wrapping.start_timecode
        if wrapping.sound is not None:
            sound = container.add_stream("libopus" if web else "aac", rate=RATE, layout="mono", bit_rate=48_000)
            _encode_sound(container, sound, make_sound(wrapping.sound, float(film.times[-1]), len(film.shots)))
        for index, picture in enumerate(film.pictures()):
            frame = av.VideoFrame.from_ndarray(
                np.ascontiguousarray(np.rot90(picture, wrapping.rotation // 90)), format="rgb24"
            )
            frame.time_base, frame.pts = base, round(film.times[index] / base)
            frame.duration = round(film.times[index + 1] / base) - frame.pts
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _encode_sound(container: av.container.OutputContainer, stream: av.AudioStream, samples: np.ndarray) -> None:
    step = RATE // 10
    for start in range(0, len(samples), step):
        frame = av.AudioFrame.from_ndarray(samples[None, start : start + step], format="flt", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _tags(wrapping: Wrapping) -> dict[str, str]:
    tags = {"title": wrapping.title}
    if wrapping.recorded_at is not None:
        tags["creation_time"] = wrapping.recorded_at
    return tags


def _marked_as_rotated(path: Path, rotation: int) -> Path:
    """A copy with a display matrix, which PyAV cannot write: ffmpeg counts it anticlockwise."""
    marked = path.with_name(f"rotated-{path.name}")
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-display_rotation", str(-rotation), "-i", str(path)]
    subprocess.run([*command, "-map", "0", "-c", "copy", "-movflags", "+faststart", str(marked)], check=True)
    return marked
