"""Faces that look into or across the camera, by OpenCV's Haar cascades (Viola and Jones, 2001).

The cascades make mistakes, so a face counts only when the strict setting finds it at the same place in several frames
and either an eye is found in it or a second cascade agrees. Precision first: profiles and small faces are missed.
"""

import threading
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from indexer.captioning.measured import thresholds as limit
from indexer.captioning.measured.facts import Faces, Shot
from indexer.captioning.measured.picture import Luma

Box = tuple[int, int, int, int]
"""x, y, width, height in pixels."""

_own = threading.local()


NO_FACES = Faces(count=0, complete=False, shot=None)


def find_faces(pictures: Sequence[Luma]) -> Faces:
    """Look at a few of the pictures, spread evenly."""
    if len(pictures) < 2 or min(pictures[0].shape) < limit.SMALLEST_SIDE:
        return NO_FACES
    places = np.linspace(0, len(pictures) - 1, min(limit.FACE_FRAMES, len(pictures))).round().astype(int)
    looks = [_enlarge(pictures[place]) for place in places.tolist()]
    agreeing = min(limit.FACE_AGREEING_FRAMES, len(looks))
    found = [_sure_faces(look) for look in looks]
    confirmed = [[box for box in boxes if _again(box, found, index)] for index, boxes in enumerate(found)]
    counts = [len(boxes) for boxes in confirmed]
    count = sorted(counts)[-agreeing]  # reached in so many frames
    if count == 0:
        return NO_FACES
    candidates = [_candidates(look) for look in looks]
    complete = max(counts) == count and all(len(boxes) <= count for boxes in candidates)
    height = float(np.median([_tallest(boxes) for boxes in confirmed if boxes]))
    rival = max(_tallest(boxes) for boxes in candidates) > limit.FACE_RIVAL * height
    return Faces(count, complete, None if rival else _shot(height / looks[0].shape[0]))


def _tallest(boxes: Sequence[Box]) -> int:
    return max((box[3] for box in boxes), default=0)


def _shot(height: float) -> Shot | None:
    if height >= limit.CLOSE_UP:
        return "close-up"
    if limit.MEDIUM[0] <= height <= limit.MEDIUM[1]:
        return "medium"
    return "wide" if height <= limit.WIDE else None


def _sure_faces(look: Luma) -> list[Box]:
    strict = _detect("haarcascade_frontalface_default.xml", look, limit.FACE_NEIGHBOURS)
    if not strict:
        return []
    other = _detect("haarcascade_frontalface_alt2.xml", look, limit.FACE_LAX_NEIGHBOURS)
    return [box for box in strict if any(_overlap(box, twin) > 0.4 for twin in other) and _has_eye(look, box)]


def _candidates(look: Luma) -> list[Box]:
    """Everything that might be a face, seen from the front or from either side."""
    boxes = _detect("haarcascade_frontalface_default.xml", look, limit.FACE_LAX_NEIGHBOURS)
    mirrored = np.ascontiguousarray(look[:, ::-1])
    width = look.shape[1]
    boxes += _detect("haarcascade_frontalface_alt2.xml", look, limit.FACE_LAX_NEIGHBOURS)
    boxes += _detect("haarcascade_profileface.xml", look, limit.FACE_LAX_NEIGHBOURS)
    boxes += [(width - x - w, y, w, h) for x, y, w, h in _detect("haarcascade_profileface.xml", mirrored, 3)]
    distinct: list[Box] = []
    for box in boxes:
        if all(_overlap(box, known) < 0.2 for known in distinct):
            distinct.append(box)
    return distinct


def _has_eye(look: Luma, box: Box) -> bool:
    x, y, width, height = box
    upper = look[y : y + int(height * 0.6), x : x + width]
    side = 120
    enlarged = np.asarray(cv2.resize(upper, (side, int(side * 0.6)), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    for name in ("haarcascade_eye.xml", "haarcascade_eye_tree_eyeglasses.xml"):
        if len(_cascade(name).detectMultiScale(enlarged, scaleFactor=1.08, minNeighbors=3, minSize=(18, 18))):
            return True
    return False


def _detect(name: str, look: Luma, neighbours: int) -> list[Box]:
    least = max(24, int(min(look.shape) * limit.FACE_LEAST))
    boxes = _cascade(name).detectMultiScale(look, scaleFactor=1.12, minNeighbors=neighbours, minSize=(least, least))
    return [(int(x), int(y), int(w), int(h)) for x, y, w, h in boxes]


def _again(box: Box, found: Sequence[Sequence[Box]], here: int) -> bool:
    return any(
        _overlap(box, other) >= limit.FACE_SAME_OVERLAP
        for index, boxes in enumerate(found)
        if index != here
        for other in boxes
    )


def _overlap(a: Box, b: Box) -> float:
    """Intersection over union."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (a[2] * a[3] + b[2] * b[3] - width * height)


def _enlarge(picture: Luma) -> Luma:
    scale = limit.FACE_LOOK_SIDE / max(picture.shape)
    size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _cascade(name: str) -> cv2.CascadeClassifier:
    """One for each thread: a classifier keeps what it works on in itself."""
    if not hasattr(_own, name):
        setattr(_own, name, cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / name)))
    classifier: cv2.CascadeClassifier = getattr(_own, name)
    return classifier
