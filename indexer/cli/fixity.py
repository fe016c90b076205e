"""`shotlist fixity`: hashes of whole files, and whether files still are what they were."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from indexer.bootstrap import open_library
from indexer.cli.json_lines import finding_line, fixity_line, print_line
from indexer.cli.printing import printable
from indexer.cli.session import EXIT_ERROR, EXIT_INTERRUPTED, as_json, pass_settings, stops_on_terminate, talk
from indexer.domain import VideoId
from indexer.library import CheckMoment, FixityFinding, FixityStatus
from indexer.settings import Settings


@click.group("fixity", invoke_without_command=True)
@click.option(
    "--manifest", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write a SHA-256 list."
)
@click.option("--folder", metavar="NAME", help="List the files of this registered folder only, relative to it.")
@as_json
@pass_settings
@click.pass_context
def command(context: click.Context, manifest: Path | None, folder: str | None, json: bool, settings: Settings) -> int:
    """Say which files have a hash of all their bytes, and which were found changed.

    With --manifest, write the hashes as `sha256sum --check` reads them.
    """
    if context.invoked_subcommand is not None:
        if any(context.params.values()):
            raise click.UsageError(f"write the options after `{context.invoked_subcommand}`")
        return 0
    library = open_library(settings)
    if manifest is not None:
        talk(f"Wrote {library.care.write_manifest(manifest, folder=folder)} hashes to {printable(manifest)}.")
        return 0
    if folder is not None:
        raise click.UsageError("--folder goes with --manifest, and with `check`")
    status = library.care.fixity()
    if json:
        print_line(fixity_line(status))
        for finding in status.bad:
            print_line(finding_line(finding))
    else:
        _tell(status)
    return 0


@command.command("record")
@pass_settings
def record(settings: Settings) -> int:
    """Record a hash of every file, and of those that are added from now on: in the background, after all other work."""
    files = open_library(settings).care.record_fixity()
    talk(f"{files} files wait to be hashed; `shotlist worker` reads them when there is nothing else to do.")
    return 0


@command.command("off")
@pass_settings
def off(settings: Settings) -> int:
    """Record no more hashes. Those that there are stay, and can be checked."""
    open_library(settings).care.stop_fixity()
    talk("No more hashes are recorded; those that there are stay.")
    return 0


@command.command("check")
@click.option("--video", "videos", multiple=True, metavar="ID", help="Files of this video only; may be repeated.")
@click.option("--folder", metavar="NAME", help="Files of this registered folder only.")
@click.option("--since", metavar="DATE", help="Leave out what was read since then: a check that was cut short goes on.")
@as_json
@pass_settings
def check(videos: Sequence[str], folder: str | None, since: str | None, json: bool, settings: Settings) -> int:
    """Read files again and compare them with their hashes, those first that were read longest ago.

    Exits with 1 when a file is not what it was, or cannot be read. A disk or share that is away is no fault.
    """
    library = open_library(settings)
    began = datetime.now(UTC).isoformat(timespec="seconds")
    wanted = [VideoId(video) for video in videos]
    files = library.care.files_to_check(videos=wanted, folder=folder, since=since and _moment(since))
    found: Counter[str] = Counter()
    try:
        with stops_on_terminate(), _showing() as tell:
            for finding in library.care.check_fixity(files, tell=tell):
                found[finding.finding] += 1
                if json:
                    print_line(finding_line(finding))
                elif finding.finding != "intact":
                    click.echo(_sentence(finding))
    except KeyboardInterrupt:
        talk(f"Stopped; what was read is noted. Go on with: shotlist fixity check --since {since or began}")
        return EXIT_INTERRUPTED
    talk(", ".join(f"{found[name]} {name}" for name in ("intact", "changed", "unreadable", "missing", "away")) + ".")
    return EXIT_ERROR if found["changed"] + found["unreadable"] + found["missing"] else 0


def _tell(status: FixityStatus) -> None:
    counts = status.counts
    click.echo(f"files       {counts.files}, {counts.hashed} with a hash")
    click.echo(f"recording   {'on' if status.recording else 'off; begin with: shotlist fixity record'}")
    if counts.oldest is not None:
        click.echo(f"intact      {counts.hashed - counts.changed - counts.unreadable}, all read since {counts.oldest}")
    for finding in status.bad:
        click.echo(_sentence(finding))


def _sentence(finding: FixityFinding) -> str:
    told = f"{finding.finding:<12}{printable(finding.file.path)}"
    return f"{told}: {finding.message}" if finding.message else f"{told} ({finding.file.checked_at})"


def _moment(date: str) -> str:
    """A date, or a date and a time (of this machine's clock where it names no zone), as the library writes them."""
    try:
        moment = datetime.fromisoformat(date)
    except ValueError:
        raise click.UsageError(f"--since {date!r}: write 2026-11-23, or 2026-11-23T14:30") from None
    return moment.astimezone(UTC).isoformat(timespec="seconds")


class _Tell:
    """Moves the bar."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None)

    def __call__(self, moment: CheckMoment) -> None:
        name = f"{moment.files_done} of {moment.files_total}  {printable(Path(moment.file.path.name))}"
        self._bar.update(self._task, description=name, completed=moment.bytes_done, total=moment.bytes_total)


@contextmanager
def _showing() -> Iterator[_Tell]:
    """A bar of the bytes read, on stderr while the block runs; none where that is no terminal."""
    console = Console(stderr=True, highlight=False)
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        yield _Tell(bar)
