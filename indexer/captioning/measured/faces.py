"""How many faces there are, and how near, judged from what is found in a few pictures of a clip.

A face counts where the network is sure of it in several of them. What it finds possible makes a number uncertain.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from indexer.captioning.measured import thresholds as limit
from indexer.captioning.measured.face_model import Face, detect_faces
from indexer.captioning.measured.facts import Faces, Shot
from indexer.domain import Pixels

NO_FACES = Faces(count=0, complete=False, shot=None)


def find_faces(pictures: Sequence[Pixels]) -> Faces:
    """Look at a few of the pictures, spread evenly. Raises `ComponentError` as `detect_faces`."""
    if len(pictures) < 2 or min(pictures[0].shape[:2]) < limit.SMALLEST_SIDE:
        return NO_FACES
    places = np.linspace(0, len(pictures) - 1, min(limit.FACE_LOOKS, len(pictures))).round().astype(int)
    return judge_faces([detect_faces(pictures[place]) for place in places.tolist()])


def judge_faces(looks: Sequence[Sequence[Face]]) -> Faces:
    """`looks`: the possible faces of each picture looked at, of one at least."""
    sure = [[face for face in look if face.score >= limit.FACE_SURE] for look in looks]
    agreeing = max(min(2, len(looks)), round(limit.FACE_SEEN * len(looks)))
    count = sorted(len(faces) for faces in sure)[-agreeing]  # reached in so many looks
    if count == 0:
        return NO_FACES
    possible = [sum(face.score >= limit.FACE_POSSIBLE for face in look) for look in looks]
    more = sum(number > count for number in possible)
    return Faces(count, complete=more <= limit.FACE_MORE * len(looks), shot=_shot(sure))


def _shot(sure: Sequence[Sequence[Face]]) -> Shot | None:
    """By the largest face of each look: a clip that goes from near to far has no one size."""
    sizes = Counter(_size(max(face.height for face in faces)) for faces in sure if faces)
    size, times = sizes.most_common(1)[0]
    steady = times >= limit.SHOT_STEADY * sizes.total() and times >= limit.SHOT_SEEN * len(sure)
    return size if steady else None


def _size(height: float) -> Shot | None:
    if height >= limit.CLOSE_UP:
        return "close-up"
    if limit.MEDIUM[0] <= height <= limit.MEDIUM[1]:
        return "medium"
    return "wide" if height <= limit.WIDE else None
