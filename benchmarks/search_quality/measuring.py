"""One task measured: the program and its parts asked the same questions of one library, at the same time."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.search_quality import judge
from benchmarks.search_quality.judge import Run
from benchmarks.search_quality.kept import Kept, Line
from benchmarks.search_quality.nothing import ANSWERABLE, tell_kinds
from benchmarks.search_quality.program import ask
from benchmarks.search_quality.systems import PARTS, Parts
from benchmarks.search_quality.tasks import NOTHING, Query, Task, read_queries, read_unanswered
from indexer.bootstrap import open_library
from indexer.settings import Settings

PRODUCT = "shotlist"
DEEP = 100  # hits of a question, as many as the program gives where nothing is said of it


def measure(root: Path, task: Task, *, split: str, most: int) -> dict[str, Any]:
    """Figures of each system, by kind of query where there are several, and what the whole gains over its parts.

    Questions that were asked before are not asked again; of the others it is told how fast the program answered.
    """
    queries = read_queries(task, split=split, most=most)
    kept = {system: Kept(root / "runs", task.name, system) for system in (*PARTS, PRODUCT)}
    rate = _ask_missing(root, task, queries, kept)
    told = judged(task, queries, {system: some.read() for system, some in kept.items()}) | rate
    if task.name != NOTHING:
        return told
    answers = kept[PRODUCT].read()
    kinds = {ANSWERABLE: [answers[query["id"]] for query in queries]}
    for kind, unanswered in read_unanswered(split=split, most=most).items():
        of_kind = Kept(root / "runs", task.name, kind)
        _ask_missing(root, task, unanswered, {PRODUCT: of_kind})
        answers = of_kind.read()
        kinds[kind] = [answers[query["id"]] for query in unanswered]
    return told | {"nothing": tell_kinds(kinds)}


def judged(task: Task, queries: Sequence[Query], runs: Mapping[str, Run]) -> dict[str, Any]:
    of_kind: dict[str, list[Query]] = {}
    for query in queries:
        of_kind.setdefault(query["kind"], []).append(query)
    kinds = {kind: {"queries": len(some), "figures": judge.figures(task, some, runs)} for kind, some in of_kind.items()}
    return {
        "queries": len(queries),
        "figures": judge.figures(task, queries, runs),
        "kinds": kinds if len(kinds) > 1 else {},
        "gains": {
            other: judge.difference(task, queries, runs[PRODUCT], runs[other]) for other in runs if other != PRODUCT
        },
    }


def _ask_missing(root: Path, task: Task, queries: Sequence[Query], kept: Mapping[str, Kept]) -> dict[str, Any]:
    """Ask the program what it has not answered yet, and its parts too where their answers are kept."""
    missing = _not_in(kept[PRODUCT], queries)
    with ThreadPoolExecutor(1) as beside:  # the program is a process of its own
        asking = beside.submit(ask, root, missing, unit=task.unit, limit=DEEP) if missing else None
        if PARTS[0] in kept and (of_parts := _not_in(kept[PARTS[0]], queries)):
            for system, lines in _ask_parts(root, task, of_parts).items():
                kept[system].add(lines)
        if asking is None:
            return {}
        answers, rate = asking.result()
    kept[PRODUCT].add(answers)
    return {"rate": asdict(rate)}


def _not_in(kept: Kept, queries: Sequence[Query]) -> list[Query]:
    answered = kept.read()
    return [query for query in queries if query["id"] not in answered]


def _ask_parts(root: Path, task: Task, queries: Sequence[Query]) -> dict[str, list[Line]]:
    parts = Parts(open_library(Settings(library=root / "library")), task.unit)
    runs: dict[str, list[Line]] = {system: [] for system in PARTS}
    for query in queries:
        for system, ranked in parts.rank(query["text"]).items():
            runs[system].append({"query": query["id"], "ranked": ranked})
    return runs
