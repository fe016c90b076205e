"""Does a worker grow over a long run?

    python -m benchmarks.soak [--videos 500] [--lanes 2] [--json FILE]

Hundreds of short films through one `shotlist worker` in a process of its own, with the measured captioner and MiniLM.
Every second its memory, threads and open files are read, and those of the processes it started: its fork server and
the children that decode. The figures after 50 videos (median from 50 to 75 that were complete) stand beside those at
the end (median over the last 25).
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from indexer import media
from indexer.bootstrap import open_ingester
from indexer.settings import Settings
from indexer.store import Database, open_database, videos
from tests.fakes.drawn_clips import draw_clip

EARLY = range(50, 75)
LATE = 25
SHOTS = (25, 25)  # frames
EVERY_S = 1.0
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Sample:
    """What the worker and its children used when so many videos were complete."""

    videos: int
    seconds: float
    worker_mib: float
    fork_server_mib: float
    children_mib: float  # all that it started, the fork server too
    threads: int
    files: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--videos", type=int, default=500)
    parser.add_argument("--lanes", type=int, default=2)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)  # this is the worker, of the library there
    arguments = parser.parse_args()
    if arguments.work:
        work(arguments.work, arguments.lanes)
        return
    with tempfile.TemporaryDirectory(prefix="shotlist-soak-") as root:
        samples = soak(Path(root), count=arguments.videos, lanes=arguments.lanes)
    early = typical([one for one in samples if one.videos in EARLY])
    late = typical([one for one in samples if one.videos >= arguments.videos - LATE])
    print(f"{arguments.videos} videos of {sum(SHOTS) / 25:g} s, {arguments.lanes} lanes, {samples[-1].seconds:.0f} s")
    print(f"{'':<16}{'at 50':>10}{'at the end':>12}{'ratio':>8}")
    for name in ("worker_mib", "fork_server_mib", "children_mib", "threads", "files"):
        ratio = late[name] / early[name] if early[name] else float("nan")
        print(f"{name:<16}{early[name]:>10.1f}{late[name]:>12.1f}{ratio:>8.3f}")
    if arguments.json:
        figures = {"videos": arguments.videos, "at_50": early, "at_end": late, "samples": [*map(asdict, samples)]}
        arguments.json.write_text(json.dumps(figures, indent=1))


def soak(root: Path, *, count: int, lanes: int) -> list[Sample]:
    """Queue `count` films, let another process work them, and watch it. Raises `SystemExit` where it fails."""
    footage, library = root / "footage", root / "library"
    footage.mkdir()
    for seed in range(count):
        draw_clip(footage / f"film {seed:04}.mp4", seed=seed, shots=SHOTS)
    ingester = open_ingester(Settings(library=library))
    ingester.queue(media.discover([footage]).files, folders=[footage])
    ingester.bench.database.close()
    command = [sys.executable, "-m", "benchmarks.soak", "--work", str(library), "--lanes", str(lanes)]
    database = open_database(f"sqlite:///{library / 'library.db'}", purpose="read")
    with subprocess.Popen(command) as worker:
        samples = list(watched(worker, database))
    database.close()
    if worker.returncode or samples[-1].videos != count:
        raise SystemExit(f"{samples[-1].videos} of {count} videos were done; the worker ended with {worker.returncode}")
    return samples


def work(library: Path, lanes: int) -> None:
    open_ingester(Settings(library=library, lanes=lanes)).work(has=("cpu",), watch=lambda _: None, until="empty")


def watched(worker: subprocess.Popen[bytes], database: Database) -> Iterator[Sample]:
    began, done = time.monotonic(), 0
    while worker.poll() is None:
        with database.read() as tx:
            done = len(videos.complete_ids(tx))
        sample = look(worker.pid, done, time.monotonic() - began)
        if sample is not None:
            yield sample
        time.sleep(EVERY_S)


def look(pid: int, done: int, seconds: float) -> Sample | None:
    """None where the process ended meanwhile."""
    try:
        below = {child: resident(child) for child in descendants(pid)}
        server = max((size for child, size in below.items() if is_child(child, pid)), default=0.0)
        threads, files = (len(list(Path(f"/proc/{pid}/{kind}").iterdir())) for kind in ("task", "fd"))
        return Sample(done, seconds, resident(pid), server, sum(below.values()), threads, files)
    except FileNotFoundError:
        return None


def typical(samples: Sequence[Sample]) -> dict[str, float]:
    """The median of each figure."""
    return {name: float(median(asdict(one)[name] for one in samples)) for name in asdict(samples[0])}


def resident(pid: int) -> float:
    """MiB of a process's own memory; pages it shares with the process it was forked from count in part."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((int(line.split()[1]) * 1024 / MIB for line in lines if line.startswith("Pss:")), 0.0)


def descendants(pid: int) -> list[int]:
    children = [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in _children(task)]
    return [one for child in children for one in (child, *_descendants_if_alive(child))]


def is_child(pid: int, parent: int) -> bool:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]) == parent
    except (FileNotFoundError, ProcessLookupError):
        return False


def _children(task: Path) -> list[str]:
    try:
        return (task / "children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _descendants_if_alive(pid: int) -> list[int]:
    try:
        return descendants(pid)
    except (FileNotFoundError, ProcessLookupError):
        return []


if __name__ == "__main__":
    main()
