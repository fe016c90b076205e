"""The table of `shotlist evaluate captions`: a row a metric, a column for each who wrote."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from indexer.evaluation.captions import METRICS, Estimate, Match, Tally


@dataclass(frozen=True, slots=True)
class Compared:
    """One who wrote: a recipe, a file of candidates, or `people`."""

    writer: str
    match: Match
    tally: Tally


def show_scores(compared: Sequence[Compared]) -> None:
    """All times 100, as papers print them, with 95 % intervals."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("x 100, 95 %")
    for one in compared:
        table.add_column(Text(one.writer), justify="right", overflow="fold")
    for metric in METRICS:
        cells = [_cell(one.tally.scores.get(metric)) for one in compared]
        if any(cells):
            table.add_row(metric, *cells)
    table.add_row("videos", *(f"{one.tally.videos:,}" for one in compared))
    table.add_row("references", *(f"{one.tally.references:,}" for one in compared))
    table.add_row("rounds", *("" if one.writer != "people" else str(one.tally.rounds) for one in compared))
    if any(one.tally.empty for one in compared):
        table.add_row("without a word", *(f"{one.tally.empty:,}" for one in compared))
    Console(highlight=False).print(table)


def _cell(score: Estimate | None) -> str:
    return "" if score is None else f"{100 * score.value:.1f}  {100 * score.low:.1f}-{100 * score.high:.1f}"
