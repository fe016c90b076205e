"""What do the sandbox and reading frames cost?

    python -m benchmarks.media_cost [FILE...] [--runs 7] [--json FILE]

Three tables, each figure the least of several runs, the ways taking turns so that all see the same machine:

- the sandbox, by file: `probe` in it and the same in this process, both warm, milliseconds passed;
- decoding: every frame read and scaled to what shot detectors want (64x36), beside ffmpeg decoding to nothing
  (`ffmpeg -i FILE -f null -`), processor seconds of process and children, with one thread and as many as each takes;
- the spool, with as many threads: the same with pictures kept for keyframes, and for `measured` captions too.

Without files: one of 360p and one of 720p from the bench, and the latter scaled up to 1080p.
"""

import argparse
import json
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.text_library import BENCH
from indexer.domain import Frame
from indexer.media import Spooled, SpoolOrder, ffmpeg_program, probe
from indexer.media.probing.facts import media_info
from indexer.media.reading import opening
from indexer.media.reading.frames import read_and_spool, read_frames

SIZE = (64, 36)
FOOTAGE = ("bangkok_360p.mp4", "psd_testvideo_720p.mp4")
THREADS = {"1 thread": 1, "default": opening._MOST_THREADS}
ORDERS = {"keyframes": SpoolOrder(640), "keyframes, captions": SpoolOrder(640, ((320, 8.0),))}

Ways = dict[str, Callable[[], object]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shotlist-bench-") as folder:
        files = arguments.files or [*(BENCH / "footage" / name for name in FOOTAGE), scaled_up(Path(folder))]
        figures = {
            file.name: {
                **sandbox_ms(file, arguments.runs),
                **decoding_s(file, arguments.runs),
                **spooling_s(file, arguments.runs),
            }
            for file in files
        }
    tell(figures)
    if arguments.json:
        arguments.json.write_text(json.dumps({"runs": arguments.runs, "files": figures}, indent=1))


def scaled_up(folder: Path) -> Path:
    made = folder / "1080p.mp4"
    command = [ffmpeg_program().path, "-v", "error", "-i", str(BENCH / "footage" / FOOTAGE[1]), "-an"]
    subprocess.run(
        [*command, "-vf", "scale=1920:1080", "-c:v", "libx264", "-preset", "veryfast", "-t", "10", str(made)],
        check=True,
    )
    return made


def sandbox_ms(file: Path, runs: int) -> dict[str, float]:
    """Milliseconds passed, of looking into a file."""
    ways: Ways = {"in sandbox": lambda: probe(file), "in process": lambda: media_info(file)}
    return {name: 1000 * seconds for name, seconds in least(ways, time.perf_counter, runs).items()}


def decoding_s(file: Path, runs: int) -> dict[str, float]:
    """Processor seconds, of decoding a whole file."""
    stream = probe(file).stream_index
    figures = {}
    for label, threads in THREADS.items():
        opening._MOST_THREADS = threads
        ways: Ways = {
            f"frames, {label}": lambda: sum(1 for _ in read_frames(file, size=SIZE, stream_index=stream)),
            f"ffmpeg, {label}": lambda threads=threads: decode_to_nothing(file, stream, threads),  # type: ignore[misc]
        }
        figures.update(least(ways, processor_s, runs))
    return figures


def spooling_s(file: Path, runs: int) -> dict[str, float]:
    """Processor seconds, of decoding a whole file and keeping pictures on the way; and what an hour of these takes."""
    stream = probe(file).stream_index
    kept: dict[str, tuple[int, int]] = {}

    def spool(name: str, order: SpoolOrder) -> None:
        passed = list(read_and_spool(file, size=SIZE, stream_index=stream, order=order))
        frames = [one for one in passed if isinstance(one, Frame)]
        kept[name] = sum(len(one.jpeg) for one in passed if isinstance(one, Spooled)), frames[-1].t_us

    ways: Ways = {name: lambda name=name, order=order: spool(name, order) for name, order in ORDERS.items()}  # type: ignore[misc]
    ways["no spool"] = lambda: sum(1 for _ in read_frames(file, size=SIZE, stream_index=stream))
    figures = least(ways, processor_s, runs)
    return figures | {f"MB an hour, {name}": 3600 * size / t_us for name, (size, t_us) in kept.items()}


def decode_to_nothing(file: Path, stream: int, threads: int) -> None:
    count = ["-threads", "1"] if threads == 1 else []
    command = [ffmpeg_program().path, "-v", "error", *count, "-i", str(file), "-map", f"0:{stream}"]
    subprocess.run([*command, "-fps_mode", "passthrough", *count, "-f", "null", "-"], check=True)


def least(ways: Ways, clock: Callable[[], float], runs: int) -> dict[str, float]:
    """The least of each way's runs on this clock; the first round only warms up."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(runs + 1):
        for name, way in ways.items():
            began = clock()
            way()
            taken[name].append(clock() - began)
    return {name: min(times[1:]) for name, times in taken.items()}


def processor_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def tell(figures: dict[str, dict[str, float]]) -> None:
    print(f"{'':<28}{'probe in sandbox':>18}{'in process':>12}{'costs':>8}   ms")
    for name, file in figures.items():
        inside, outside = file["in sandbox"], file["in process"]
        print(f"{name:<28}{inside:18.1f}{outside:12.1f}{inside - outside:8.1f}")
    print(f"\n{'':<28}{'':<10}{'frames':>10}{'ffmpeg':>10}{'ratio':>8}   processor seconds")
    for name, file in figures.items():
        for label in THREADS:
            ours, theirs = file[f"frames, {label}"], file[f"ffmpeg, {label}"]
            print(f"{name:<28}{label:<10}{ours:10.2f}{theirs:10.2f}{ours / theirs:8.2f}")
    print(f"\n{'':<28}{'':<22}{'seconds':>10}{'ratio':>8}{'MB an hour':>12}   ratio: to no spool")
    for name, file in figures.items():
        for label in ORDERS:
            ratio, size = file[label] / file["no spool"], file[f"MB an hour, {label}"]
            print(f"{name:<28}{label:<22}{file[label]:10.2f}{ratio:8.2f}{size:12.0f}")


if __name__ == "__main__":
    main()
