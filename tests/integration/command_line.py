"""Runs `shotlist` inside the test process and gives back what a user's shell would."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from indexer.cli import shotlist
from indexer.errors import ShotlistError


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """stdout as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


def run(*arguments: object, library: Path, answer: str | None = None) -> Ended:
    """`shotlist ARGUMENTS --library LIBRARY`."""
    words = [str(argument) for argument in arguments]
    result = CliRunner().invoke(shotlist, [*words, "--library", str(library)], input=answer, standalone_mode=False)
    if isinstance(result.exception, ShotlistError):
        return Ended(1, result.stdout, f"{result.stderr}shotlist: {result.exception}")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        if type(result.exception).__module__.startswith("click"):
            return Ended(1, result.stdout, f"{result.stderr}{result.exception}")
        raise result.exception
    return Ended(
        result.return_value if isinstance(result.return_value, int) else result.exit_code, result.stdout, result.stderr
    )
