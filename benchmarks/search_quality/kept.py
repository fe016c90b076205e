"""Answers that were given before: a library is asked each question once, however often its figures are made anew."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Line = Mapping[str, Any]  # as `evaluate.py` of the bench reads it: query, ranked, and what else is known of the answer


class Kept:
    """The lines of one system's answers to one task, in a file that `evaluate.py` reads."""

    def __init__(self, folder: Path, task: str, system: str) -> None:
        self._path = folder / f"{task}.{system.replace(' ', '-')}.jsonl"

    def read(self) -> dict[str, Line]:
        """{query id: its line}; of a question that was asked again the last."""
        if not self._path.exists():
            return {}
        lines = map(json.loads, self._path.read_text().splitlines())
        return {line["query"]: line for line in lines}

    def add(self, lines: Iterable[Line]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)
