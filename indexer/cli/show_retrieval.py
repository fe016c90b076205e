"""The tables of `shotlist evaluate search`."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from indexer.evaluation.retrieval import Retrieval, Silence


def show_retrieval(found: Sequence[Retrieval], silence: Silence | None) -> None:
    """All times 100, as papers print them, with 95 % intervals."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("x 100, 95 %")
    for one in found:
        table.add_column(one.unit, justify="right")
    for metric in dict.fromkeys(name for one in found for name in one.scores):
        table.add_row(metric, *(_cell(one, metric) for one in found))
    table.add_row("queries", *(f"{one.questions:,}" for one in found))
    console = Console(highlight=False)
    if found:
        console.print(table)
    if silence:
        told = f"{100 * silence.said_of_unanswerable:.1f} % of {silence.unanswerable:,} queries without an answer"
        wrongly = f"{100 * silence.said_of_answerable:.1f} % of {silence.answerable:,} with one"
        console.print(f'"Nothing matches" was said of {told}, and of {wrongly}.', markup=False, soft_wrap=True)
        if silence.auc is not None:
            console.print(f"AUC of the best hit's score: {silence.auc:.3f}", markup=False)


def _cell(one: Retrieval, metric: str) -> str:
    score = one.scores.get(metric)
    return "" if score is None else f"{100 * score.value:.1f}  {100 * score.low:.1f}-{100 * score.high:.1f}"
