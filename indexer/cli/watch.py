"""`shotlist watch`: folders whose footage is indexed as it comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from indexer.bootstrap import open_ingester, open_library
from indexer.cli import show_progress
from indexer.cli.embedder_options import embedder_options
from indexer.cli.json_lines import print_line, watched_line
from indexer.cli.printing import printable
from indexer.cli.session import EXIT_INTERRUPTED, as_json, pass_settings, stops_on_terminate, talk
from indexer.errors import UsageError
from indexer.ingest.pipeline import Ingester
from indexer.ingest.watched_folders import list_watched, watch_folder
from indexer.ingest.watcher import INTERVAL_S, Look, Watcher, watch_and_work
from indexer.settings import Settings
from indexer.store.watched import WatchedFolder

_FOLDER = click.Path(path_type=Path)


@dataclass(frozen=True, slots=True)
class _Manner:
    """How it is watched."""

    interval_s: float
    once: bool
    work: bool


@click.command("watch")
@click.argument("folders", nargs=-1, type=_FOLDER, metavar="[FOLDER]...")
@click.option("--include", multiple=True, metavar="PATTERN", help="Only such files, as in '*.mxf' or 'day 1/**'.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Not such files, as in 'proxies/'.")
@click.option("--settle", type=float, metavar="SECONDS", help="How long a file must not have changed. [default: 10]")
@click.option(
    "--interval", type=click.FloatRange(min=0.1), default=INTERVAL_S, metavar="SECONDS", help="Between looks."
)
@click.option("--once", is_flag=True, help="Look once, work what that finds, and end.")
@click.option("--no-work", is_flag=True, help="Only queue; `shotlist worker` does the work.")
@click.option("--list", "listing", is_flag=True, help="Say which folders are watched, and end.")
@click.option("--forget", type=_FOLDER, metavar="FOLDER", help="Watch this folder no more, and end.")
@as_json
@pass_settings
@embedder_options
def command(  # noqa: PLR0913 (click hands over one argument an option)
    folders: Sequence[Path],
    include: Sequence[str],
    exclude: Sequence[str],
    settle: float | None,
    interval: float,
    once: bool,
    no_work: bool,
    listing: bool,
    forget: Path | None,
    json: bool,
    settings: Settings,
) -> int:
    """Index what comes into folders, as it comes: new files and changed ones, once nobody writes to them any more.

    A FOLDER is remembered with its patterns, and watched by every later `shotlist watch`. What changed while nobody
    watched is found at the next look. Files that are gone stay searchable, offline.
    """
    if forget is not None:
        talk(f"Watched no more: {printable(open_library(settings).places.forget_watched(forget).path)}")
        return 0
    if listing:
        _list(open_library(settings).places.watched(), json=json)
        return 0
    if json:
        raise click.UsageError("--json goes with --list")
    if (include or exclude or settle is not None) and not folders:
        raise click.UsageError("say which FOLDER the patterns are for")
    ingester = open_ingester(settings)
    for folder in folders:
        watch_folder(ingester.bench.database, folder, include=include or None, exclude=exclude or None, settle_s=settle)
    return _watch(ingester, _Manner(interval, once, not no_work))


def _list(watched: Sequence[WatchedFolder], *, json: bool) -> None:
    for folder in watched:
        if json:
            print_line(watched_line(folder))
        else:
            click.echo(_described(folder))


def _described(folder: WatchedFolder) -> str:
    patterns = [f"only {one}" for one in folder.include] + [f"not {one}" for one in folder.exclude]
    return printable(", ".join([str(printable(folder.path)), *patterns, f"after {folder.settle_s:g} s of rest"]))


def _watch(ingester: Ingester, manner: _Manner) -> int:
    watched = list_watched(ingester.bench.database)
    if not watched:
        raise UsageError("no folder is watched yet; begin with: shotlist watch FOLDER")
    for folder in watched:
        talk(f"Watching {_described(folder)}")
    watcher = Watcher(ingester.bench.database, lambda files: ingester.queue(files, urgency="in turn"), talk)
    try:
        with stops_on_terminate() as heeding:
            if manner.once:
                _look_once(ingester, watcher, manner)
            elif manner.work:
                with show_progress.watching() as watch:
                    heeded, interval_s = heeding(watch), manner.interval_s
                    watch_and_work(ingester, watcher, has=("cpu", "model"), interval_s=interval_s, watch=heeded)
            else:
                watcher.watch(interval_s=manner.interval_s)
    except KeyboardInterrupt:
        talk("Stopped. Nothing is lost: the next `shotlist watch` finds what changed meanwhile.")
        return EXIT_INTERRUPTED
    return 0


def _look_once(ingester: Ingester, watcher: Watcher, manner: _Manner) -> None:
    talk(_told(watcher.look(patience="once")))
    if manner.work:
        with show_progress.watching() as watch:
            ingester.work(has=("cpu", "model"), watch=watch, until="empty")


def _told(look: Look) -> str:
    growing = f", {look.growing} that may still be written to are left for the next look" if look.growing else ""
    return f"{look.queued} new or changed files{growing}, {look.gone} gone."
