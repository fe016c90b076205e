"""The 24 shots of the eight sample films, as clips of the drawn world."""

from collections.abc import Iterator

from benchmarks.sample_captioner.drawing import ClipTruth, clip_truth
from data.drawing.sample_library import sample_library


def sample_shots() -> Iterator[tuple[str, float, float, ClipTruth]]:
    """File name, first and last moment (s) between its joins' middles, and the truth, of each shot."""
    for sample in sample_library():
        film = sample.film
        bounds = [0.0, *(float(film.times[middle]) for _, middle, _ in film.joins), float(film.times[-1])]
        for index, (shot, scene) in enumerate(zip(film.shots, film.scenes, strict=True)):
            truth = clip_truth(scene, shot.kind, sample.file, tall=film.size[0] < film.size[1])
            yield sample.file, bounds[index], bounds[index + 1], truth
