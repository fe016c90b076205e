"""`shotlist add`: footage in."""

import json
from pathlib import Path

import click

from indexer.bootstrap import open_ingester
from indexer.cli import show_progress
from indexer.cli.captioner_options import AskedCaptioner, captioner_options
from indexer.cli.embedder_options import embedder_options
from indexer.cli.json_lines import report_object
from indexer.cli.printing import printable
from indexer.cli.session import EXIT_INTERRUPTED, pass_settings, stops_on_terminate, talk
from indexer.domain import FileReport, IngestReport
from indexer.settings import Settings
from indexer.timecode import short_duration


@click.command("add")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write a JSON report.")
@pass_settings
@embedder_options
@captioner_options(required=False)
def command(paths: tuple[Path, ...], report: Path | None, asked: AskedCaptioner, settings: Settings) -> int:
    """Index footage: files, or folders with all that is in them.

    A file that cannot be indexed is told with its reason and never stops the rest. Run it again at any time: what is
    done is not done twice, and a run that was cut short goes on where it stopped.
    """
    ingester = open_ingester(settings, captioner=asked.name, elsewhere=asked.elsewhere)
    talk(f"Captions: {ingester.note}")
    try:
        with stops_on_terminate() as heeding, show_progress.watching() as watch:
            result = ingester.add(paths, watch=heeding(watch))
    except KeyboardInterrupt:
        talk("Stopped. Nothing is lost: the same command goes on where this one stopped, and so does: shotlist worker")
        return EXIT_INTERRUPTED
    if report is not None:
        report.write_text(json.dumps(report_object(result), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    _tell(result)
    return 0


def _tell(result: IngestReport) -> None:
    counts = dict.fromkeys(("indexed", "skipped", "refused", "failed"), 0)
    for file in result.files:
        counts[file.state] += 1
    footage = sum(file.duration_us or 0 for file in result.files if file.state == "indexed")
    speed = f", {footage / 1e6 / result.seconds:.1f} times playing speed" if footage and result.seconds else ""
    talk(
        f"{counts['indexed']} indexed ({short_duration(footage)} of footage in {result.seconds:.0f} s{speed}), "
        f"{counts['skipped']} already there, {counts['refused']} refused, {counts['failed']} failed."
    )
    if result.ignored:
        talk(f"{result.ignored} other files in these folders are not footage by their names.")
    for note in result.notes:
        talk(note)
    for file in result.files:
        if file.state in ("refused", "failed"):
            talk(refusal(file))
        for warning in file.warnings:
            talk(f"  warning: {printable(file.path)}: {warning}")


def refusal(file: FileReport) -> str:
    return f"  {file.state}: {printable(file.path)}: {printable(file.message)} [{file.reason}]"
