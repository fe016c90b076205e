"""The free films that may be trained on, and the truth about their own edits."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.shot_training.programmes import NO_KIND, Lesson, kind_of, mark_middle
from benchmarks.shot_training.takes import (
    HEIGHT,
    SOURCE_HEIGHT,
    SOURCE_WIDTH,
    WIDTH,
    Look,
    Shot,
    graded,
)
from indexer.media import probe, read_frames

FILMS = {
    "bbb_360p_300s.mp4": "bbb",
    "sintel_trailer_480x204.mp4": "sintel",
    "sintel_excerpt_mpeg1.mpg": "sintel",
    "cosmos_laundromat_sdr.mp4": "cosmos",
    "trip_to_the_moon_trailer.mp4": "trip",
    "nasa_13013.mp4": "nasa",
    "nasa_sls_vp9_5994.webm": "nasa",
}
"""Big Buck Bunny, Sintel, Cosmos Laundromat (Blender Foundation, CC BY), A Trip to the Moon (1902), NASA: no others."""

_TWICE_THE_RATE = ("nasa_sls_vp9_5994.webm",)  # of 59.94 frames a second the detector looks at every second one
_SHORTEST = 16  # frames
_DOUBT = 2  # frames around what the labels leave open


def read_shots(bench: Path) -> dict[str, list[Shot]]:
    """{`film/file`: its shots without edits}, from the bench's footage and list of shots."""
    stretches = json.loads((bench / "segmentation" / "shots.json").read_text())
    found: dict[str, list[Shot]] = {}
    for name, film in FILMS.items():
        pictures, times = _read(bench / "footage" / name, (SOURCE_WIDTH, SOURCE_HEIGHT))
        for one in (one for one in stretches if one["file"] == name):
            within = (times >= one["start"] * 1e6) & (times <= one["end"] * 1e6)
            shot = pictures[within][:: _every(name)]
            if len(shot) >= _SHORTEST:
                found.setdefault(f"{film}/{name}", []).append(shot)
    return found


def film_lessons(bench: Path, versions: int) -> Iterator[tuple[str, Lesson]]:
    """(film, lesson): each film as it is, and in other parts, grades and codings, with its checked labels."""
    labels = json.loads((bench / "footage" / "labels.json").read_text())["clips"]
    for number, (name, film) in enumerate(FILMS.items()):
        large, _ = _read(bench / "footage" / name, (SOURCE_WIDTH, SOURCE_HEIGHT))
        for version in range(versions):
            rng = np.random.default_rng([number, version])
            pictures = _read(bench / "footage" / name, (WIDTH, HEIGHT))[0] if version == 0 else _varied(rng, large)
            yield film, _lesson(pictures, labels[name], every=_every(name))


def _every(name: str) -> int:
    return 2 if name in _TWICE_THE_RATE else 1


def _read(path: Path, size: tuple[int, int]) -> tuple[Shot, NDArray[np.int64]]:
    """All of a file's frames and their times (us)."""
    frames = list(read_frames(path, size=size, stream_index=probe(path).stream_index))
    return np.stack([frame.pixels for frame in frames]), np.array([frame.t_us for frame in frames])


def _varied(rng: np.random.Generator, large: Shot) -> NDArray[np.uint8]:
    look = Look.drawn(rng)
    part = max(look.part, 0.55) if rng.random() < 0.6 else 1.0
    width, height = int(SOURCE_WIDTH * part), int(SOURCE_HEIGHT * part)
    x, y = int(rng.integers(0, SOURCE_WIDTH - width + 1)), int(rng.integers(0, SOURCE_HEIGHT - height + 1))
    seen = [
        cv2.resize(one[y : y + height, x : x + width], (WIDTH, HEIGHT), interpolation=look.sampling) for one in large
    ]
    pictures = graded(np.stack(seen), look)
    if rng.random() < 0.3:
        pictures = pictures + rng.normal(0, rng.uniform(0.5, 4), pictures.shape).astype(np.float32)
    if rng.random() < 0.3:
        step = int(rng.integers(4, 12))
        pictures = pictures // step * step + step // 2
    return np.clip(pictures, 0, 255).astype(np.uint8)


def _lesson(pictures: NDArray[np.uint8], labels: dict[str, Any], *, every: int) -> Lesson:
    """The truth by the labels of the bench, whose frames are counted at full rate."""
    count = len(pictures)
    boundary, inside = np.zeros(count, np.float32), np.zeros(count, np.float32)
    kinds = np.full(count, NO_KIND, np.int8)
    for one in labels["ignore"]:
        doubtful = slice(max(0, one["first_frame"] - _DOUBT), one["end_frame"] + _DOUBT)
        boundary[doubtful] = inside[doubtful] = -1
    for one in labels["gradual"]:
        first, end = one["first_frame"], min(one["end_frame"], count)
        inside[first:end], kinds[first:end] = 1, kind_of(one["kind"].partition("_")[0])
        mark_middle(boundary, first, end)
    for one in labels["cuts"]:
        boundary[one["frame"]] = inside[one["frame"]] = 1
        kinds[one["frame"]] = kind_of("cut")
    starts = np.arange(0, count, every)  # an edit is not lost with the frame it was marked at
    most = (np.maximum.reduceat(values, starts) for values in (boundary, inside, kinds))
    return Lesson(pictures[::every], *most)
