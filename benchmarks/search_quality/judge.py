"""Figures by the bench's own `evaluate.py`."""

import importlib.util
from collections.abc import Mapping, Sequence
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.search_quality.tasks import ROOT, Query, Task


def figures(task: Task, queries: Sequence[Query], runs: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """{system: {measure: percent}} of {system: {query id: ranking}}."""
    return {
        system: {name: float(np.mean(values)) for name, values in _each(task, queries, run).items()}
        for system, run in runs.items()
    }


def difference(
    task: Task, queries: Sequence[Query], run: Mapping[str, Any], base: Mapping[str, Any]
) -> dict[str, tuple[float, float, float]]:
    """{measure: run less base in points, and its 95 % interval by a paired bootstrap over videos}."""
    ours, theirs = _each(task, queries, run), _each(task, queries, base)
    videos = [query["gold"][0]["video"] for query in queries]
    found = {}
    for name in ("R@1", "R@10"):
        low, high = _judge().bootstrap(ours[name] - theirs[name], videos)
        found[name] = (float(np.mean(ours[name] - theirs[name])), float(low), float(high))
    return found


def _each(task: Task, queries: Sequence[Query], run: Mapping[str, Any]) -> dict[str, Any]:
    judge = _judge()
    ranked = {query: {"ranked": ranking} for query, ranking in run.items()}
    measures: dict[str, Any] = judge.metrics(judge.score(_task(task.name), ranked, queries))
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
