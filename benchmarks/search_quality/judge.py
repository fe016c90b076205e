"""Figures by the bench's own `evaluate.py`."""

import importlib.util
from collections.abc import Mapping, Sequence
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.search_quality.kept import Line
from benchmarks.search_quality.tasks import ROOT, Query, Task

Run = Mapping[str, Line]  # {query id: its answer}


def figures(task: Task, queries: Sequence[Query], runs: Mapping[str, Run]) -> dict[str, dict[str, float]]:
    """{system: {measure: percent}} of {system: run}."""
    return {
        system: {name: float(np.mean(values)) for name, values in _each(task, queries, run).items()}
        for system, run in runs.items()
    }


def difference(task: Task, queries: Sequence[Query], run: Run, base: Run) -> dict[str, tuple[float, float, float]]:
    """{measure: run less base in points, and its 95 % interval by a paired bootstrap over videos}."""
    ours, theirs = _each(task, queries, run), _each(task, queries, base)
    videos = [query["gold"][0]["video"] for query in queries]
    found = {}
    for name in ("R@1", "R@10"):
        low, high = _judge().bootstrap(ours[name] - theirs[name], videos)
        found[name] = (float(np.mean(ours[name] - theirs[name])), float(low), float(high))
    return found


def area(positive: Sequence[float], negative: Sequence[float]) -> float:
    """How often a positive stands above a negative, of equals half: the area under the ROC curve."""
    return float(_judge().auc(np.array(positive, float), np.array(negative, float)))


def _each(task: Task, queries: Sequence[Query], run: Run) -> dict[str, Any]:
    judge = _judge()
    measures: dict[str, Any] = judge.metrics(judge.score(_task(task.name), run, queries))
    return measures


@cache
def _judge() -> ModuleType:
    spec = importlib.util.spec_from_file_location("retrieval_judge", ROOT / "evaluate.py")
    assert spec is not None
    assert spec.loader is not None
    judge = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(judge)
    return judge


@cache
def _task(name: str) -> Any:
    return _judge().Task(ROOT, name)
