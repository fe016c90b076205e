"""Several clips are measured at once, each in a thread: what is found is what is found alone."""

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

from indexer.captioning.measured.faces import find_faces
from indexer.captioning.measured.facts import Faces
from indexer.domain import Pixels


def clip(seed: int) -> list[Pixels]:
    """A drawn face on noise, of its own size: detectors that are shared mix the sizes up."""
    dice = np.random.default_rng(seed)
    height, width = 120 + 24 * (seed % 7), 200 + 32 * (seed % 5)
    return [with_face(dice.integers(90, 130, (height, width, 3)).astype(np.uint8)) for _ in range(4)]


def with_face(picture: Pixels) -> Pixels:
    """Head, eyes, brows, nose and mouth: enough for a network that knows people."""
    x, y, size = picture.shape[1] // 2, picture.shape[0] // 2, picture.shape[0] // 5
    skin, dark = (224, 172, 140), (60, 35, 30)
    cv2.ellipse(picture, (x, y - size // 6), (size + size // 12, int(size * 1.35)), 0, 0, 360, dark, -1)
    cv2.ellipse(picture, (x, y), (int(size * 0.85), int(size * 1.15)), 0, 0, 360, skin, -1)
    for side in (-1, 1):
        eye = (x + side * int(size * 0.36), y - size // 5)
        cv2.ellipse(picture, eye, (size // 6, size // 11), 0, 0, 360, (250, 250, 250), -1)
        cv2.circle(picture, eye, max(2, size // 12), dark, -1)
        cv2.ellipse(picture, (eye[0], eye[1] - size // 6), (size // 4, size // 14), 0, 180, 360, dark, -1)
    cv2.ellipse(picture, (x, y + size // 4), (size // 9, size // 14), 0, 0, 180, (180, 120, 100), -1)
    cv2.ellipse(picture, (x, y + int(size * 0.6)), (size // 3, size // 10), 0, 0, 360, (170, 60, 60), -1)
    return picture


def test_faces_are_looked_for_in_threads_as_alone() -> None:
    clips = [clip(seed) for seed in range(24)]
    alone: list[Faces] = [find_faces(one) for one in clips]
    assert any(faces.count for faces in alone)
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(find_faces, clips)) == alone
