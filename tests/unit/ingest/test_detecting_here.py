"""A scan whose detector runs outside the sandbox finds what one inside it finds."""

import os
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer import media
from indexer.ingest.pass_messages import Passed, Scanned
from indexer.ingest.passing import scan_here
from indexer.ingest.scanning import scan, scan_detecting_here
from indexer.ingest.stages import spool_order
from indexer.media import Spooled
from tests.fakes.drawn_clips import draw_clip


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return draw_clip(tmp_path / "a.mp4", seed=3, shots=(60, 45, 80))


def damaged(film: Path) -> Path:
    whole = film.read_bytes()
    middle = len(whole) // 2
    film.write_bytes(whole[:middle] + bytes(600) + whole[middle + 600 :])
    return film


def ended(steps: Iterable[Passed | Scanned]) -> tuple[list[Passed], Scanned]:
    *passed, last = steps
    assert isinstance(last, Scanned)
    assert last.cpu_s > 0
    return [one for one in passed if isinstance(one, Passed)], replace(last, cpu_s=0.0)


def outside(path: Path) -> Generator[Passed | Scanned, None, None]:
    return scan_detecting_here(path, media.probe(path), detector="standard", order=spool_order(()))


def inside(path: Path) -> Iterator[Passed | Scanned]:
    return scan(path, media.probe(path), detector="standard", order=spool_order(()))


def kept(passed: Iterable[Passed], reading: str) -> list[Spooled]:
    return [one for step in passed if step.reading == reading for one in step.spooled]


def test_it_finds_the_same_and_keeps_the_same(film: Path) -> None:
    here, there = ended(outside(film)), ended(inside(film))
    assert here[1] == there[1]
    assert len(here[1].plan.cuts) == 2
    assert kept(here[0], "fast") == kept(there[0], "fast") != []
    assert [one.t_us for one in here[0]] == [one.t_us for one in there[0]]


def test_so_it_does_where_nothing_is_kept(film: Path) -> None:
    info = media.probe(film)
    here = ended(scan_detecting_here(film, info, detector="standard", order=None))
    assert here == ended(scan(film, info, detector="standard"))


@pytest.mark.parametrize("way", [outside, inside])
def test_the_processor_time_is_that_of_this_process_too(
    way: Callable[[Path], Iterator[Passed | Scanned]], film: Path
) -> None:
    steps = way(film)
    next(steps)
    until = time.process_time() + 1.0
    while time.process_time() < until:
        pass
    *_, last = steps
    assert isinstance(last, Scanned)
    assert last.cpu_s > 1.0


def test_a_damaged_film_is_read_again_carefully(film: Path) -> None:
    here, there = ended(outside(damaged(film))), ended(inside(film))
    assert here[1] == there[1]
    assert here[1].decoded.reading == "careful"
    assert here[1].warnings
    assert here[0][-1].reading == "careful"
    assert kept(here[0], "careful") == kept(there[0], "careful") != []


def test_one_detector_runs_at_a_time_however_often_reading_begins(film: Path) -> None:
    begun = threading.active_count()
    threads: dict[str, int] = {}
    for step in scan_here(film, media.probe(damaged(film)), "standard", None):
        if isinstance(step, Passed):
            threads.setdefault(step.reading, threading.active_count() - begun)
    assert threads == {"fast": 1, "careful": 1}


def test_what_is_broken_off_leaves_no_process(film: Path) -> None:
    def open_files() -> int:
        return len(os.listdir("/dev/fd"))  # noqa: PTH208

    ended(outside(film))  # the server that children come from has started
    before = open_files()
    steps = outside(film)
    next(steps)
    assert open_files() > before
    with pytest.raises(KeyboardInterrupt) as raised:
        steps.throw(KeyboardInterrupt())
    assert raised.tb is not None, "which keeps what was in hand from being forgotten"
    assert open_files() == before
