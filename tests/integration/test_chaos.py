"""Workers are killed and stopped at random moments, index files damaged: nothing is lost, there twice, or wrong.

The long form is `python -m benchmarks.chaos`."""

from pathlib import Path

import pytest

from benchmarks.chaos.driver import Plan, run
from benchmarks.chaos.library import Place


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_nothing_is_lost_or_done_twice(tmp_path: Path, request: pytest.FixtureRequest, database: str) -> None:
    in_folder = f"sqlite:///{tmp_path / 'library' / 'library.db'}"
    url = in_folder if database == "sqlite" else str(request.getfixturevalue("postgres_url"))
    plan = Plan(kills=8, stops=2, damages=3, films=6, more_films=2, pause_s=(0.3, 2.0))
    outcome = run(Place(tmp_path, url), plan, log=tmp_path / "log")
    assert outcome.faults == []
    assert outcome.wrong == 0
    assert (outcome.kills, outcome.stops, outcome.damaged) == (8, 2, 3)
    assert outcome.searches > 0
