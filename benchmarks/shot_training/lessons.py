"""Lessons on disk: what the detector's features say of each training programme, beside the truth."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.shot_training.drawn import draw_place
from benchmarks.shot_training.footage import film_lessons, read_shots
from benchmarks.shot_training.programmes import Lesson, programme
from benchmarks.shot_training.takes import Shot
from indexer.segmentation.features import features

TOGETHER = 50  # programmes that share drawn places
_DRAWN_PLACES, _DRAWN_TAKES = 40, 3
_FILMS_EACH = 2  # so that for each film there are programmes without it
_VERSIONS = 8  # of each film with its own edits


@dataclass(frozen=True, slots=True)
class Exercise:
    """A lesson as the network sees it. `films`: whose shots are in it; drawn ones are not named."""

    features: NDArray[np.float16]  # (n, f)
    boundary: NDArray[np.float32]
    inside: NDArray[np.float32]
    kinds: NDArray[np.int8]
    films: tuple[str, ...]
    own_edits: bool  # of a film as it was cut


def make_films(bench: Path, folder: Path) -> None:
    """The films with their own edits, from the bench's footage and labels."""
    for number, (film, lesson) in enumerate(film_lessons(bench, _VERSIONS)):
        _write(folder / f"film-{number:04}.npz", lesson, [film], own_edits=1)


def make_programmes(bench: Path, folder: Path, batch: int) -> None:
    """`TOGETHER` programmes; batches may be made side by side. What is there already is not made again."""
    shots = read_shots(bench)
    drawn = {f"drawn/{number}": takes for number, takes in _drawn(batch)}
    films = sorted({name.partition("/")[0] for name in shots})
    for seed in range(batch * TOGETHER, (batch + 1) * TOGETHER):
        path = folder / f"programme-{seed:05}.npz"
        if path.exists():
            continue
        chosen = np.random.default_rng([seed, 1]).choice(films, _FILMS_EACH, replace=False).tolist()
        filmed = {name: some for name, some in shots.items() if name.partition("/")[0] in chosen}
        weights = {name: min(4.0, len(some) ** 0.5) for name, some in filmed.items()}
        weights |= dict.fromkeys(drawn, sum(weights.values()) / len(drawn))
        _write(path, programme(seed, {**filmed, **drawn}, weights), chosen, own_edits=0)


def read_all(folder: Path, *, without: str | None = None) -> list[Exercise]:
    """Every exercise in the folder, but those with shots of the film `without`."""
    found = [_read(path) for path in sorted(folder.glob("*.npz"))]
    return [one for one in found if without not in one.films]


def _drawn(batch: int) -> Iterator[tuple[int, Sequence[Shot]]]:
    for number in range(batch * _DRAWN_PLACES, (batch + 1) * _DRAWN_PLACES):
        place, rng = draw_place(number), np.random.default_rng([number, 2])
        yield number, [place.shot(take, int(rng.integers(90, 220))) for take in range(_DRAWN_TAKES)]


def _write(path: Path, lesson: Lesson, films: Sequence[str], *, own_edits: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    with aside.open("wb") as file:
        np.savez(
            file,
            features=features(lesson.pictures).astype(np.float16),
            boundary=lesson.boundary,
            inside=lesson.inside,
            kinds=lesson.kinds,
            films=np.array(films),
            own_edits=own_edits,
        )
    aside.rename(path)


def _read(path: Path) -> Exercise:
    with np.load(path) as stored:
        return Exercise(
            stored["features"],
            stored["boundary"],
            stored["inside"],
            stored["kinds"],
            tuple(stored["films"].tolist()),
            bool(stored["own_edits"]),
        )
