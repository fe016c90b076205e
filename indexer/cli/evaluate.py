"""`shotlist evaluate`: detectors compared with labels, captions with those of people, search with right answers."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from indexer import media
from indexer.bootstrap import media_limits
from indexer.cli.evaluate_captions import captions
from indexer.cli.evaluate_search import search
from indexer.cli.json_lines import print_line
from indexer.cli.json_shots import detector_line
from indexer.cli.printing import printable
from indexer.cli.session import EXIT_ERROR, EXIT_INTERRUPTED, as_json, stops_on_terminate, talk
from indexer.cli.show_reading import reading
from indexer.errors import MediaError, UsageError
from indexer.evaluation import LabelledClip, Score, f1_interval, read_shot_labels, tally
from indexer.ingest.shot_trial import ClipTrial, DetectorTrial, ReadyClip, make_ready, try_clip
from indexer.segmentation import installed_detectors, make_detector
from indexer.settings import Settings

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group("evaluate")
def command() -> None:
    """Compare what detectors find with labels, captions with those that people wrote, and search with right answers."""


command.add_command(captions)
command.add_command(search)


@command.command("shots")
@click.argument("labels", type=click.Path(path_type=Path))
@click.option("--footage", type=_FOLDER, help="Where the labelled files are. [default: the folder of LABELS]")
@click.option(
    "--detector", "detectors", metavar="NAME", multiple=True, help="May be repeated. [default: all there are]"
)
@as_json
def shots(labels: Path, footage: Path | None, detectors: tuple[str, ...], json: bool) -> int:
    """Compare the edits that detectors find with those in LABELS, a JSON file of files and their edits."""
    media.use_limits(media_limits(Settings()))
    names = tuple(dict.fromkeys(detectors)) or installed_detectors()
    for name in names:
        make_detector(name)  # one that is not here is told before the work begins
    clips = read_shot_labels(labels)
    try:
        with stops_on_terminate():
            ready = _ready(clips, footage or labels.parent)
            trials = [_trial(name, ready) for name in names]
    except KeyboardInterrupt:
        talk("Stopped.")
        return EXIT_INTERRUPTED
    left_out = {trial.detector: _left_out(clips, trial) for trial in trials}
    if json:
        for trial in trials:
            print_line(detector_line(trial, left_out[trial.detector]))
    else:
        _tell(trials)
    return EXIT_ERROR if any(left_out.values()) else 0


def _ready(clips: Sequence[LabelledClip], folder: Path) -> list[ReadyClip]:
    """Those clips that are there and can be read; the others are told by name."""
    ready = []
    for clip in clips:
        path = folder / clip.name
        if not path.is_file():
            talk(f"left out: {printable(clip.name)} is not in {printable(folder)}")
            continue
        try:
            ready.append(make_ready(clip, path))
        except MediaError as error:
            talk(f"left out: {printable(clip.name)}: {error.message} [{error.reason}]")
    if not ready:
        raise UsageError(
            f"none of the labelled files can be read in {printable(folder)}; say where they are with --footage"
        )
    return ready


def _trial(detector: str, clips: Sequence[ReadyClip]) -> DetectorTrial:
    tried = []
    for number, clip in enumerate(clips, 1):
        said = f"{detector} {number}/{len(clips)} {printable(clip.labels.name)}"
        try:
            one = _tried(detector, clip, said)
        except MediaError as error:
            talk(f"left out of {detector}: {printable(clip.labels.name)}: {error.message} [{error.reason}]")
            continue
        tried.append(one)
        agreement = one.agreement
        total = len(agreement.found) + len(agreement.missed)
        talk(f"{said}: {len(agreement.found)} of {total} found, {len(agreement.false_alarms)} false alarms")
    return DetectorTrial(detector, make_detector(detector).recipe, tuple(tried))


def _tried(detector: str, clip: ReadyClip, said: str) -> ClipTrial:
    with reading(said, clip.info.claimed_duration_us) as reached:
        for step in try_clip(detector, clip):
            if isinstance(step, ClipTrial):
                return step
            reached(step.t_us)
    raise AssertionError("a trial that ends well has a result")


def _left_out(clips: Sequence[LabelledClip], trial: DetectorTrial) -> list[str]:
    tried = {one.agreement.clip for one in trial.clips}
    return [clip.name for clip in clips if clip.name not in tried]


def _tell(trials: Sequence[DetectorTrial]) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for column in ("detector", "F1", "95 %", "hard", "gradual", "CPU"):
        table.add_column(column, justify="left" if column == "detector" else "right", overflow="fold")
    for trial in trials:
        told, interval = tally(trial.agreements), f1_interval(trial.agreements)
        shown = f"{interval.low:.3f}-{interval.high:.3f}"
        scores = (_f1(told.overall), shown, _f1(told.hard), _f1(told.gradual))
        table.add_row(trial.detector, *scores, f"{trial.cpu_ratio:.2f}")
    console = Console(highlight=False)
    console.print(table)
    for trial in trials:
        told = tally(trial.agreements)
        kinds = ", ".join(f"{kind} {found}/{total}" for kind, (found, total) in told.by_kind.items())
        alarms = ", ".join(f"{what} {count}" for what, count in told.false_alarms.items())
        whole = told.overall
        console.print(f"\n{trial.detector}", markup=False)
        console.print(f"  found {whole.found} of {whole.total}: {kinds or 'nothing to find'}", markup=False)
        console.print(f"  {whole.false} false alarms: {alarms or 'none'}", markup=False)


def _f1(score: Score) -> str:
    return f"{score.f1:.3f}" if score.total else "-"
