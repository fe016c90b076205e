"""The tables of docs/benchmarks.md, out of what was measured."""

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.search_quality.measuring import PRODUCT
from benchmarks.search_quality.program import Rate
from benchmarks.search_quality.reference import REFERENCE

Told = Mapping[str, Any]  # what `measure` gives of a task
_MOMENTS = ("MRR", "nDCG@10"), ("R@1 IoU.7", "R@10 IoU.7"), ("R@1 video", "R@10 video")
_AREAS = "area by strength", "area by score"


def print_row(name: str, told: Told) -> None:
    """Recall of each system and the reference, and the gain over vectors with its interval."""
    reference = "{:.1f} / {:.1f}".format(*REFERENCE[name]) if name in REFERENCE else ""
    recalls = [_recall(one) for one in told["figures"].values()]
    gains = [f"{by:+.1f} [{low:+.1f}, {high:+.1f}]" for by, low, high in told["gains"]["vectors"].values()]
    _print(f"{name} ({told['queries']})", *recalls, reference, *gains)


def print_tables(told: Mapping[str, Told], *, entered: Mapping[str, Rate]) -> None:
    """Further tables, each after an empty line: moments, kinds of questions, what is said to match nothing, and texts
    entered and questions answered a second, and a second of a processor."""
    rates = {name: Rate(**one["rate"]) for name, one in told.items() if "rate" in one}
    for rows in (_moments(told), _kinds(told), _nothing(told), _speeds(entered), _speeds(rates)):
        print()
        for row in rows:
            _print(*row)


def _moments(told: Mapping[str, Told]) -> Iterator[list[str]]:
    for name, one in told.items():
        figures = one["figures"][PRODUCT]
        if _MOMENTS[1][0] in figures:
            yield [name, *(" / ".join(f"{figures[measure]:.1f}" for measure in some) for some in _MOMENTS)]


def _kinds(told: Mapping[str, Told]) -> Iterator[list[str]]:
    for name, one in told.items():
        for kind, some in one["kinds"].items():
            yield [f"{name}: {kind} ({some['queries']})", *map(_recall, some["figures"].values())]


def _nothing(told: Mapping[str, Told]) -> Iterator[list[str]]:
    for one in told.values():
        for kind, said in one.get("nothing", {}).items():
            areas = (f"{said[name]:.3f}" if name in said else "" for name in _AREAS)
            yield [f"{kind} ({said['queries']})", f"{said['nothing']:.1f}", f"{said['nothing or weak']:.1f}", *areas]


def _speeds(rates: Mapping[str, Rate]) -> Iterator[list[str]]:
    for name, rate in rates.items():
        yield [name, f"{rate.lines:,}", f"{rate.a_second:.1f}", f"{rate.a_processor_second:.1f}"]


def _recall(figures: Mapping[str, float]) -> str:
    return f"{figures['R@1']:.1f} / {figures['R@10']:.1f}"


def _print(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)
