"""What became of an import, and how far one is."""

from dataclasses import dataclass
from typing import Literal

from indexer.ingest.importing.bad_rows import BadRow


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Of one file: `rows` = `entered` + `unchanged` + `left_out` + those that are bad. `left_out` are good rows that
    were not entered: of a check, or because others are bad and none was to be entered then."""

    file: str
    rows: int
    entered: int
    unchanged: int
    left_out: int
    made: int  # videos that were not known
    matched: int  # videos that were
    bad: tuple[BadRow, ...]
    notes: tuple[str, ...] = ()


ImportStep = Literal["reading", "writing", "embedding", "publishing"]


@dataclass(frozen=True, slots=True)
class ImportMoment:
    """How far a step is: `done` of `total` rows or texts; both 0 where it cannot be told."""

    step: ImportStep
    done: int = 0
    total: int = 0
