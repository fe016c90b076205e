"""The ffmpeg program: which one, and how it is run: to make files, and to measure by. Reading goes through PyAV."""

import os
import re
import resource
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO

from indexer.errors import ComponentError, MediaFailed
from indexer.media.sandbox import confinement

STALL_S = 60.0  # without anything new written
_MEMORY_BYTES = 8 << 30  # address space; encoders keep many frames
_LEAST_ROOM = 8 << 30  # bytes that may be written: so many, or so many times the source's size
_ROOM = 4
_MOST_THREADS = 8  # each has frames of its own in memory
_MOST_SAID = 1 << 28  # bytes that it may say of a file while it is timed
_SOURCE, _TARGET = "the source", "the target"
_VERSION = re.compile(r"ffmpeg version (\S+)")
_TAKEN = re.compile(r"bench: utime=([\d.]+)s stime=([\d.]+)s")

Options = Mapping[str, str | int | None]  # None: a flag without a value


@dataclass(frozen=True, slots=True)
class FfmpegProgram:
    path: str
    version: str  # as it states it: `n9.0.2-17-g2a571b6068`, `5.1.9-0+deb12u1`
    origin: str  # `imageio-ffmpeg` or `system`

    @property
    def release(self) -> tuple[int, ...]:
        """For comparing; a build from the development branch (`N-...`, a date) counts as newest."""
        match = re.match(r"n?(\d+(?:\.\d+)*)", self.version)
        return tuple(int(part) for part in match[1].split(".")) if match else (1_000_000,)


@lru_cache(maxsize=1)
def ffmpeg_program() -> FfmpegProgram:
    """The newer of imageio-ffmpeg's program and the system's. Raises `ComponentError` where there is neither."""
    found = [program for program in (_bundled(), _on_the_system()) if program is not None]
    if not found:
        raise ComponentError("there is no ffmpeg program here; install ffmpeg, or imageio-ffmpeg with its binary")
    return max(found, key=lambda program: program.release)


def media_versions() -> dict[str, str]:
    """What reads and writes footage here, by name, for `shotlist doctor`."""
    import av

    libraries = {name: ".".join(map(str, number)) for name, number in sorted(av.library_versions.items())}
    program = ffmpeg_program()
    return {
        "PyAV": av.__version__,
        "FFmpeg in PyAV": str(av.ffmpeg_version_info),
        **libraries,
        "ffmpeg program": f"{program.version} ({program.origin}: {program.path})",
    }


def run_ffmpeg(
    source: str, out: Path, *, reading: Options, streams: Sequence[str], writing: Options, stall_s: float = STALL_S
) -> None:
    """Make `out` from the `streams` of `source` (a `file:` address); it appears whole or not at all.

    The program runs without network (where the system offers that) and within limits of memory and output.
    Raises `MediaFailed`: hung when nothing new was written for `stall_s`, ffmpeg_failed with the program's last words.
    """
    part = out.with_name(f".{out.stem}.{os.getpid()}.part{out.suffix}")
    threads = {"threads": min(os.cpu_count() or 1, _MOST_THREADS)}
    try:
        command = _command(("-v", "error"), {**threads, **reading}, streams, {**threads, **writing})
        names = {_SOURCE: source, _TARGET: f"file:{part.absolute()}"}
        _run(command, names, stall_s=stall_s, room_bytes=_room(source))
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def time_ffmpeg(source: str, *, reading: Options, streams: Sequence[str]) -> float:
    """Processor seconds in which the program decodes these `streams` to nothing, on one thread. It runs, and fails, as
    `run_ffmpeg` does."""
    told = ("-v", "info", "-benchmark")
    nothing: Options = {"threads": 1, "fps_mode": "passthrough", "f": "null"}
    command = _command(told, {"threads": 1, **reading}, streams, nothing)
    said = _run(command, {_SOURCE: source, _TARGET: "-"}, stall_s=STALL_S, room_bytes=_MOST_SAID)
    taken = [match for line in said if (match := _TAKEN.match(line))]
    if not taken:
        raise MediaFailed("ffmpeg_failed", "the ffmpeg program did not say how long it took; install another one")
    return float(taken[-1][1]) + float(taken[-1][2])


def _command(told: Sequence[str], reading: Options, streams: Sequence[str], writing: Options) -> list[str]:
    """The argument list, with `_SOURCE` and `_TARGET` for the two files; no shell ever sees it."""
    import ffmpeg

    opened = ffmpeg.input(_SOURCE, **reading)
    chosen = (opened[name] for name in streams)
    made = ffmpeg.output(*chosen, _TARGET, **writing)
    quiet = made.global_args("-nostdin", "-hide_banner", *told, "-nostats", "-progress", "pipe:1")
    command: list[str] = quiet.compile(cmd=ffmpeg_program().path, overwrite_output=True)
    return command


def _room(source: str) -> int:
    try:
        return max(_LEAST_ROOM, _ROOM * Path(source.removeprefix("file:")).stat().st_size)
    except OSError:  # gone meanwhile: the program will say so
        return _LEAST_ROOM


def _run(command: Sequence[str], names: Mapping[str, str], *, stall_s: float, room_bytes: int) -> list[str]:
    """Run it with these `names` put in (they need not be UTF-8); gives the last lines it said."""
    confined = [sys.executable, "-I", "-S", confinement.__file__, *(names.get(word, word) for word in command)]
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(confined, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors)
        assert process.stdout is not None
        try:
            resource.prlimit(process.pid, resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (room_bytes, room_bytes))
            resource.prlimit(process.pid, resource.RLIMIT_CORE, (0, 0))
            written = _watch(process.stdout, stall_s)
            status = process.wait(stall_s)
        except (subprocess.TimeoutExpired, ProcessLookupError):
            raise MediaFailed("hung", "the ffmpeg program did not end; try it again") from None
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
        said = _last_lines(errors)
        if status != 0:
            words = "; ".join([line for line in said if not line.startswith("bench:")][-3:])
            raise MediaFailed("ffmpeg_failed", f"the ffmpeg program failed, and said: {words or 'nothing'}")
        if written.endswith(b"frame=0"):
            raise MediaFailed("ffmpeg_failed", "the ffmpeg program found no picture there; copy the file again")
        return said


def _watch(reports: IO[bytes], stall_s: float) -> bytes:
    """Read the progress reports, which come twice a second even from a program that gets nowhere, to their end. Returns
    what the last one says of pictures."""
    fd = reports.fileno()
    seen = written = b""
    since = time.monotonic()
    while True:
        if select.select([fd], [], [], 1.0)[0]:
            data = os.read(fd, 1 << 16)
            if not data:
                return b"".join(re.findall(rb"^frame=.*$", seen, re.MULTILINE)[-1:])
            seen = (seen + data)[-4096:]
            now_written = b"".join(re.findall(rb"^(?:out_time_us|total_size|frame)=.*$", seen, re.MULTILINE)[-3:])
            if now_written != written:
                written, since = now_written, time.monotonic()
        if time.monotonic() - since > stall_s:
            sentence = f"the ffmpeg program got nowhere for {stall_s:g} seconds and was stopped"
            raise MediaFailed("hung", f"{sentence}; see that the disks answer, then try it again")


def _last_lines(errors: IO[bytes]) -> list[str]:
    size = errors.seek(0, os.SEEK_END)
    errors.seek(max(0, size - 4096))
    lines = [line.strip() for line in errors.read().decode("utf-8", "replace").split("\n")]
    return [line for line in lines if line]


def _bundled() -> FfmpegProgram | None:
    import imageio_ffmpeg

    try:
        return _asked(imageio_ffmpeg.get_ffmpeg_exe(), "imageio-ffmpeg")
    except RuntimeError:  # this platform's wheel has no binary
        return None


def _on_the_system() -> FfmpegProgram | None:
    path = shutil.which("ffmpeg")
    return _asked(path, "system") if path else None


def _asked(path: str, origin: str) -> FfmpegProgram | None:
    try:
        answer = subprocess.run(
            [path, "-version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    match = _VERSION.match(answer.stdout)
    return FfmpegProgram(path, match[1], origin) if match else None
