"""`shotlist evaluate search`: how well the library's search finds what people say is right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from indexer.bootstrap import open_library
from indexer.cli.json_lines import Json, print_line
from indexer.cli.printing import printable
from indexer.cli.search_batch import in_order
from indexer.cli.search_options import LISTINGS, MOST
from indexer.cli.session import EXIT_INTERRUPTED, as_json, pass_settings, stops_on_terminate, talk
from indexer.cli.show_retrieval import show_retrieval
from indexer.domain import Hit, Listing, path_text
from indexer.evaluation import retrieval
from indexer.evaluation.retrieval import Answer, Answered, Asked, Retrieval, Silence
from indexer.evaluation.retrieval_files import read_asked
from indexer.library import Library
from indexer.settings import Settings
from indexer.timecode import MICROSECONDS

_FILE = click.Path(path_type=Path)
_TOLD_EACH = 500  # queries


@dataclass(frozen=True, slots=True)
class Searching:
    limit: int
    by: Listing


@click.command("search")
@click.argument("qrels", type=_FILE)
@click.option("--queries", type=_FILE, metavar="FILE", help="What is asked, where QRELS has only ids.")
@click.option("--by", type=click.Choice(LISTINGS), default="segments", show_default=True, help="What is listed.")
@click.option("--limit", type=click.IntRange(10, MOST), default=100, show_default=True, help="How far is looked.")
@as_json
@pass_settings
def search(qrels: Path, queries: Path | None, by: Listing, limit: int, json: bool, settings: Settings) -> int:
    """Ask the library the queries of QRELS and compare what is found with the right answers there.

    QRELS is JSON lines of `id`, `query` and `gold`, or TREC judgements with --queries.
    """
    asked = read_asked(qrels, queries=queries)
    library = open_library(settings)
    try:
        with stops_on_terminate():
            answered = _answers(library, asked, Searching(limit, by))
    except KeyboardInterrupt:
        talk("Stopped.")
        return EXIT_INTERRUPTED
    found, silence = retrieval.evaluate(asked, answered), retrieval.judge_silence(asked, answered)
    if json:
        for one in found:
            print_line(_retrieval_line(one))
        if silence:
            print_line(_silence_line(silence))
    else:
        show_retrieval(found, silence)
    return 0


def _answers(library: Library, asked: Sequence[Asked], how: Searching) -> dict[str, Answered]:
    """{id of the question: what was found}, results by the names that right answers go by."""
    wanted = frozenset(right.video for one in asked for right in one.gold)

    def answer(_number: int, one: Asked) -> Answered:
        result = library.search(one.text, limit=how.limit, listing=how.by)
        score = result.hits[0].score if result.hits else None
        ranked = tuple(_result(hit, wanted) for hit in result.hits)
        return Answered(ranked, score, nothing=result.strength == "none")

    answered = {}
    for number, (one, found) in enumerate(zip(asked, in_order(answer, enumerate(asked)), strict=True), 1):
        answered[one.id] = found
        if number % _TOLD_EACH == 0:
            talk(f"{number:,} of {len(asked):,} queries asked")
    _tell_strangers(wanted, answered)
    return answered


def _result(hit: Hit, wanted: frozenset[str]) -> Answer:
    """By the first of its names that a right answer goes by; else by its id."""
    files = (path_text(hit.path), path_text(hit.path.name), path_text(hit.path.stem)) if hit.path else ()
    names = (hit.identifier, hit.video, hit.segment, *files, hit.title)
    name = next((name for name in names if name in wanted), None) or hit.video
    if hit.end_us is None:
        return Answer(name)
    return Answer(name, hit.start_us / MICROSECONDS, hit.end_us / MICROSECONDS)


def _tell_strangers(wanted: frozenset[str], answered: Mapping[str, Answered]) -> None:
    """Scores of nothing at all are more often a matter of names than of search."""
    seen = {result.video for one in answered.values() for result in one.ranked}
    if wanted and not wanted & seen:
        theirs = f"; what was found goes by such as {printable(min(seen))!r}" if seen else ""
        talk(
            f"Nothing that was found goes by the name of a right answer, such as {printable(min(wanted))!r}{theirs}. "
            "Videos are known by identifier, id, path, file name with or without its suffix, and title."
        )


def _retrieval_line(one: Retrieval) -> Json:
    return {
        "unit": one.unit,
        "queries": one.questions,
        "scores": {
            name: {"score": round(score.value, 6), "low": round(score.low, 6), "high": round(score.high, 6)}
            for name, score in one.scores.items()
        },
        "resamples": retrieval.RESAMPLES,
        "seed": retrieval.SEED,
    }


def _silence_line(silence: Silence) -> Json:
    return {
        "unit": "nothing",
        "answerable": silence.answerable,
        "unanswerable": silence.unanswerable,
        "said_of_answerable": round(silence.said_of_answerable, 6),
        "said_of_unanswerable": round(silence.said_of_unanswerable, 6),
        "auc": None if silence.auc is None else round(silence.auc, 6),
    }
