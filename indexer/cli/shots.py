"""`shotlist shots`: where the shots of a file begin, and the segments they make. Needs no library."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from indexer import media
from indexer.bootstrap import media_limits
from indexer.cli.json_lines import print_line, unreadable_line
from indexer.cli.json_shots import shots_line
from indexer.cli.printing import printable
from indexer.cli.session import EXIT_ERROR, as_json, stops_on_terminate, talk
from indexer.cli.show_reading import reading
from indexer.domain import MediaInfo
from indexer.errors import MediaError, MediaRefused
from indexer.ingest.pass_messages import Scanned
from indexer.ingest.scanning import scan
from indexer.ingest.stages import spool_order
from indexer.segmentation import make_detector
from indexer.settings import Settings
from indexer.timecode import short_duration, source_timecode


@click.command("shots")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--detector", metavar="NAME", help="Who finds the cuts. [default: $SHOTLIST_DETECTOR, else standard]")
@as_json
def command(file: Path, detector: str | None, json: bool) -> int:
    """Say where the shots of FILE begin, and which segments they make, without adding it."""
    settings = Settings()
    media.use_limits(media_limits(settings))
    try:
        info, scanned = _read(file, detector or settings.detector)
    except MediaError as error:
        _tell_error(file, error, json=json)
        return EXIT_ERROR
    for warning in (*info.warnings, *scanned.warnings):
        talk(f"warning: {warning}")
    if json:
        print_line(shots_line(scanned.plan))
    else:
        _tell(info, scanned)
    return 0


def _read(file: Path, detector: str) -> tuple[MediaInfo, Scanned]:
    make_detector(detector)  # one that is not here is told before a process is started
    info = media.probe(file)
    with stops_on_terminate(), reading(printable(file), info.claimed_duration_us) as reached:
        for step in scan(file, info, detector=detector, order=spool_order(())):
            if isinstance(step, Scanned):
                return info, step
            reached(step.t_us)
    raise AssertionError("a scan that ends well has found something")


def _tell_error(file: Path, error: MediaError, *, json: bool) -> None:
    if json:
        print_line(unreadable_line(file, error))
        return
    state = "refused" if isinstance(error, MediaRefused) else "failed"
    talk(f"{printable(file)}\n  {state:<10}{printable(error.message)} [{error.reason}]")


def _tell(info: MediaInfo, scanned: Scanned) -> None:
    def timecode(t_us: int) -> str:
        return source_timecode(t_us, scanned.decoded.rate, info.start_timecode)

    plan = scanned.plan
    cuts = _table("cut", "kind", "length", "score")
    for cut in plan.cuts:
        length = short_duration(cut.end_us - cut.start_us) if cut.end_us > cut.start_us else ""
        cuts.add_row(timecode(cut.start_us), cut.kind, length, f"{cut.strength:.2f}")
    segments = _table("in", "out", "keyframes")
    for span, times in zip(plan.spans, plan.keyframe_times, strict=True):
        segments.add_row(timecode(span.start_us), timecode(span.end_us), "\n".join(map(timecode, times)))
    console = Console(highlight=False)
    if plan.cuts:
        console.print(cuts)
        console.print()
    console.print(segments)


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
