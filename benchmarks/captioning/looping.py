"""An hour of 1080p footage made of a short film, by looping it."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.media import ffmpeg_program


@contextmanager
def loop_footage(file: Path, *, minutes: float) -> Iterator[Path]:
    """H.264 of 1920x1080, a keyframe every two seconds, without sound; gone at the end.

    The film is encoded once, and copied as often as it takes.
    """
    with tempfile.TemporaryDirectory(prefix="shotlist-bench-") as folder:
        once, whole = Path(folder) / "once.mp4", Path(folder) / "1080p.mp4"
        scale = "scale=1920:1080:force_original_aspect_ratio=decrease,pad=1920:1080:-1:-1,fps=25,setsar=1"
        _ffmpeg("-i", str(file), "-an", "-vf", scale, "-c:v", "libx264", "-preset", "veryfast", "-g", "50", str(once))
        _ffmpeg("-stream_loop", "-1", "-i", str(once), "-c", "copy", "-t", str(60 * minutes), str(whole))
        yield whole


def _ffmpeg(*arguments: str) -> None:
    subprocess.run([str(ffmpeg_program().path), "-v", "error", *arguments], check=True)
