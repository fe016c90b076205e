"""Several clips are measured at once, each in a thread: what is found is what is found alone."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from indexer.captioning.faces import find_faces
from indexer.captioning.facts import Faces
from indexer.captioning.picture import Luma


def clip(seed: int) -> list[Luma]:
    """Noise of its own size: classifiers that are shared mix the sizes up."""
    dice = np.random.default_rng(seed)
    size = (120 + 24 * (seed % 7), 200 + 32 * (seed % 5))
    return [dice.integers(0, 255, size).astype(np.uint8) for _ in range(4)]


def test_faces_are_looked_for_in_threads_as_alone() -> None:
    clips = [clip(seed) for seed in range(24)]
    alone: list[Faces] = [find_faces(one) for one in clips]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(find_faces, clips)) == alone
