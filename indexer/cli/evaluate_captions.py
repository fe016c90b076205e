"""`shotlist evaluate captions`: what models wrote, compared with what people wrote; and people with one another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from indexer.cli.evaluate_library import Writer, library_writers, open_if_any
from indexer.cli.json_captions import written_line
from indexer.cli.json_lines import print_line
from indexer.cli.printing import printable
from indexer.cli.session import EXIT_ERROR, EXIT_INTERRUPTED, as_json, pass_settings, stops_on_terminate, talk
from indexer.cli.show_scores import Compared, show_scores
from indexer.errors import UsageError
from indexer.evaluation.captions import (
    TOKENIZERS,
    CaptionFile,
    Evaluation,
    Match,
    Reference,
    TokenizerName,
    gather,
    match,
    read_captions,
)
from indexer.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")

_FILE = click.Path(path_type=Path)
_SHOWN = 5  # names of what was left out; --json has them all


@dataclass(frozen=True, slots=True)
class AskedScoring:
    tokenizer: TokenizerName | None
    rounds: int | None


def _scoring_options(function: Callable[P, R]) -> Callable[P, R]:
    """Adds `--tokenizer` and `--rounds` to a command and hands it what they make, as `asked`."""

    @click.option("--tokenizer", type=click.Choice(TOKENIZERS), help="[default: ptb where Java is, else words]")
    @click.option("--rounds", type=click.IntRange(min=1), help="People left out in turn, at most. [default: all]")
    @wraps(function)
    def with_scoring(*args: P.args, **kwargs: P.kwargs) -> R:
        asked = AskedScoring(kwargs.pop("tokenizer"), kwargs.pop("rounds"))  # type: ignore[arg-type]  # click checked
        return function(*args, asked=asked, **kwargs)  # type: ignore[arg-type]

    return with_scoring


@click.command("captions")
@click.argument("references", type=_FILE, nargs=-1, required=True, metavar="REFERENCES...")
@click.option("--candidates", type=_FILE, metavar="FILE", multiple=True, help="Captions of a model. May be repeated.")
@click.option("--recipe", "recipes", metavar="NUMBER|NAME", multiple=True, help="May be repeated. [default: all]")
@_scoring_options
@as_json
@pass_settings
def captions(
    references: tuple[Path, ...],
    candidates: tuple[Path, ...],
    recipes: tuple[str, ...],
    json: bool,
    settings: Settings,
    asked: AskedScoring,
) -> int:
    """Compare captions with those of people in REFERENCES, a file of MSR-VTT, MSVD, ActivityNet Captions, VATEX, COCO,
    JSON or CSV.

    Compared are the library's captions of the videos named there, or those in --candidates; and what each person wrote
    with what the others did, which is the ceiling.
    """
    if candidates and recipes:
        raise UsageError("--recipe is of the library, which is not looked at with --candidates; leave one of them out")
    wanted = gather([_read(path).lines for path in references])
    evaluation = Evaluation(wanted, tokenizer=asked.tokenizer)  # what is not here is told before the work begins
    if candidates:
        writers = [Writer(printable(path), _read(path).lines) for path in candidates]
    else:
        library = open_if_any(settings, wanted="yes" if recipes else "if there is one")
        writers = library_writers(library, recipes, wanted, told=talk) if library else []
    _introduce(evaluation)
    try:
        with stops_on_terminate():
            compared = _compare(evaluation, wanted, writers, rounds=asked.rounds)
    except KeyboardInterrupt:
        talk("Stopped.")
        return EXIT_INTERRUPTED
    if json:
        for one in compared:
            print_line(written_line(one, evaluation))
    else:
        show_scores(compared)
    return EXIT_ERROR if any(one.match.missing for one in compared) else 0


def _read(path: Path) -> CaptionFile:
    found = read_captions(path)
    videos = len({line.video for line in found.lines})
    talk(f"{printable(path)}: {found.format}, {len(found.lines):,} captions of {videos:,} videos")
    for what in found.left_out:
        talk(f"left out of {printable(path)}: {what}")
    return found


def _introduce(evaluation: Evaluation) -> None:
    talk(f"Words by {evaluation.tokenizer}; scores by {evaluation.library}.")
    if evaluation.wordless:
        talk(f"left out: {evaluation.wordless:,} references without a word")
    for metric, why in evaluation.left_out.items():
        talk(f"left out: {metric}: {why}")


def _compare(
    evaluation: Evaluation, wanted: Sequence[Reference], writers: Sequence[Writer], *, rounds: int | None
) -> list[Compared]:
    """Those who wrote of the same videos, then the people who wrote of these, and so on."""
    matches = [(one.name, match(wanted, one.lines)) for one in writers]
    for name, found in matches:
        _tell_left_out(name, found, len(wanted))
    together: dict[tuple[Reference, ...], list[tuple[str, Match]]] = {} if writers else {tuple(wanted): []}
    for name, found in matches:
        if found.pairs:
            together.setdefault(tuple(one for one, _ in found.pairs), []).append((name, found))
    if not together:
        raise UsageError(_none_of_them(wanted, writers))
    compared = []
    for references, wrote in together.items():
        compared += [Compared(name, found, evaluation.score(found.pairs)) for name, found in wrote]
        people = evaluation.human(references, most=rounds, told=_tell_round)
        if people is not None:
            compared.append(Compared("people", Match((), (), ()), people))
        else:
            talk("No video has captions of two people here, so there is no ceiling to tell.")
    if not compared:
        raise UsageError("there is nothing to compare: give --candidates, or a library that holds these videos")
    return compared


def _tell_round(number: int, of: int) -> None:
    talk(f"people: {number} of {of} left out in turn")


def _tell_left_out(name: str, found: Match, total: int) -> None:
    if found.missing:
        talk(f"{name} has nothing on {len(found.missing):,} of {total:,}: {_some(found.missing)}")
    if found.unused:
        talk(f"{name}: nobody wrote of {len(found.unused):,} of its videos: {_some(found.unused)}")


def _none_of_them(wanted: Sequence[Reference], writers: Sequence[Writer]) -> str:
    lines = [line for one in writers for line in one.lines]
    theirs = f"; captions are of such as {printable(lines[0].video)!r}" if lines else ""
    return (
        f"no caption is of a video in REFERENCES, which are named such as {printable(wanted[0].title)!r}{theirs}: "
        "videos are matched by their files' names without extension"
    )


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(map(printable, names[:_SHOWN]))
    return f"{shown} ..." if len(names) > _SHOWN else shown
