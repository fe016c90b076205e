"""Rows that cannot be entered: told with their line, and never in the way of the others."""

from dataclasses import dataclass
from typing import Literal

Reason = Literal[
    "wrong_columns",
    "unreadable",
    "no_video",
    "ambiguous_video",
    "no_text",
    "too_long",
    "unknown_kind",
    "bad_time",
    "not_a_number",
    "negative_time",
    "end_before_start",
    "beyond_end",
    "needs_rate",
    "bad_rate",
]


@dataclass(frozen=True, slots=True)
class BadRow:
    """`line`: where it begins in its file, from 1. `reason` is a stable code, `message` for people."""

    line: int
    reason: Reason
    message: str


class RowError(Exception):
    """Ends the reading of one row."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason: Reason = reason

    def at(self, line: int) -> BadRow:
        return BadRow(line, self.reason, str(self))
