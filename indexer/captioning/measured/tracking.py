"""How the picture as a whole moved from one frame to the next.

Corners (Shi and Tomasi, 1994) spread over a grid are followed by pyramidal Lucas-Kanade optical flow, checked forward
and backward, and a similarity (shift, scale, turn) is fitted to them by RANSAC: what most of the picture does is taken
for the camera's doing. Captions and logos that stand still on a moving picture are set aside when more of the picture
moves than stands. Where the camera travels, near things pass faster than far ones; what moves of itself is told from
them by the epipolar geometry that all standing things obey (Hartley and Zisserman, chapter 11).
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from indexer.captioning.measured import thresholds as limit
from indexer.captioning.measured.picture import Luma

Points = NDArray[np.float32]
"""(n, 2) float32: x, y in pixels."""

_COLUMNS, _ROWS, _PER_CELL = 8, 5, 8


@dataclass(frozen=True, slots=True)
class Step:
    """One pair of frames. Shifts are of the picture's centre, in picture widths, positive to the right and down."""

    seconds: float
    shift_x: float
    shift_y: float
    growth: float  # natural logarithm of the scale: positive when the picture grows
    changed: float  # share of pixels that differ once the movement and a change of brightness are taken out
    agreeing: float  # share of the points not set aside that follow this movement
    cells: int  # cells of the grid in which they lie
    fast: float  # speed of the quickest tenth of the points that go their own way, widths a second
    apart: float  # share of the points that no movement of a camera among standing things explains


def step_between(before: Luma, after: Luma, seconds: float) -> Step | None:
    """None where no movement can be measured: too little texture, a cut, blur, or no agreement."""
    start = _corners(before)
    if len(start) < limit.LEAST_POINTS:
        return None
    start, end = _follow(before, _as_bright(after, before), start)
    if len(start) < limit.LEAST_POINTS:
        return None
    fitted = _fit_picture(start, end, before.shape)
    if fitted is None:
        return None
    matrix, agreeing, own_way = fitted
    height, width = before.shape
    centre = np.array([width / 2, height / 2])
    shift = matrix[:, :2] @ centre + matrix[:, 2] - centre
    return Step(
        seconds=seconds,
        shift_x=float(shift[0] / width),
        shift_y=float(shift[1] / width),
        growth=float(np.log(np.hypot(matrix[0, 0], matrix[1, 0]))),
        changed=_changed_share(before, after, matrix),
        agreeing=float(agreeing.sum() / (agreeing | own_way).sum()),
        cells=len(set(_cells(start[agreeing], before.shape).tolist())),
        fast=_fast(start, end, matrix, own_way) / width / seconds,
        apart=_apart_share(start, end),
    )


def _corners(picture: Luma) -> Points:
    apart = max(3, picture.shape[1] // 64)
    found: Points | None = cv2.goodFeaturesToTrack(picture, 400, 0.004, apart, blockSize=5)  # type: ignore[assignment]
    if found is None:
        return np.empty((0, 2), np.float32)
    points = found.reshape(-1, 2).astype(np.float32)
    cells = _cells(points, picture.shape)
    # strongest corners come first: keep only so many of each cell, or one busy corner of the picture would outvote it
    rank = np.zeros(len(points), np.int64)
    seen: dict[int, int] = {}
    for index, cell in enumerate(cells.tolist()):
        rank[index] = seen.get(cell, 0)
        seen[cell] = int(rank[index]) + 1
    return points[rank < _PER_CELL]


def _cells(points: Points, shape: tuple[int, ...]) -> NDArray[np.int64]:
    column = np.clip(points[:, 0] * _COLUMNS / shape[1], 0, _COLUMNS - 1).astype(np.int64)
    row = np.clip(points[:, 1] * _ROWS / shape[0], 0, _ROWS - 1).astype(np.int64)
    return row * _COLUMNS + column


def _follow(before: Luma, after: Luma, points: Points) -> tuple[Points, Points]:
    there, found = _flow(before, after, points)
    back, found_back = _flow(after, before, there)
    sure = found & found_back & (np.abs(back - points).max(axis=1) < 0.7)
    return points[sure], there[sure]


def _as_bright(picture: Luma, other: Luma) -> Luma:
    """Flicker and fades taken out: optical flow takes a point to keep its brightness."""
    shift = round(float(np.median(other)) - float(np.median(picture)))
    change = np.full_like(picture, abs(shift))
    changed = cv2.add(picture, change) if shift > 0 else cv2.subtract(picture, change)
    return np.asarray(changed, dtype=np.uint8)


def _flow(before: Luma, after: Luma, points: Points) -> tuple[Points, NDArray[np.bool_]]:
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 20, 0.03)
    there, found, _ = cv2.calcOpticalFlowPyrLK(
        before, after, points, np.empty_like(points), winSize=(15, 15), maxLevel=4, criteria=stop
    )
    return np.asarray(there, dtype=np.float32), found.ravel() == 1


def _fit_picture(
    start: Points, end: Points, shape: tuple[int, ...]
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]] | None:
    """The picture's movement as a 2 x 3 matrix, which points follow it, and which go another way."""
    standing = np.hypot(*(end - start).T) < limit.STANDING_PX
    moving = ~standing
    cells = _cells(start, shape)
    overlaid = moving.sum() >= limit.LEAST_POINTS and len(set(cells[moving])) > 1.5 * len(set(cells[standing]))
    chosen = moving if overlaid else np.ones(len(start), np.bool_)
    fitted = _fit(start[chosen], end[chosen])
    if fitted is None:
        return None
    matrix, follows = fitted
    agreeing = np.zeros(len(start), np.bool_)
    agreeing[np.flatnonzero(chosen)[follows]] = True
    if agreeing.sum() < limit.LEAST_AGREEING * chosen.sum() or not _spread(start[agreeing], shape):
        return None
    return matrix, agreeing, chosen & ~agreeing


def _fit(start: Points, end: Points) -> tuple[NDArray[np.float64], NDArray[np.bool_]] | None:
    cv2.setRNGSeed(1)  # the same frames give the same words
    matrix: NDArray[np.float64] | None
    matrix, follows = cv2.estimateAffinePartial2D(  # type: ignore[assignment]
        start, end, method=cv2.RANSAC, ransacReprojThreshold=limit.AGREE_WITHIN_PX, maxIters=500, confidence=0.995
    )
    if matrix is None:
        return None
    return matrix, follows.ravel().astype(np.bool_)


def _spread(points: Points, shape: tuple[int, ...]) -> bool:
    quadrants = (points[:, 0] * 2 > shape[1]).astype(np.int64) * 2 + (points[:, 1] * 2 > shape[0])
    enough_cells = len(set(_cells(points, shape).tolist())) >= limit.LEAST_CELLS
    return enough_cells and len(set(quadrants.tolist())) >= limit.LEAST_QUADRANTS


def _changed_share(before: Luma, after: Luma, matrix: NDArray[np.float64]) -> float:
    height, width = before.shape
    moved = cv2.warpAffine(before, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    margin_x, margin_y = max(1, width // 20), max(1, height // 20)
    inside = np.s_[margin_y : height - margin_y, margin_x : width - margin_x]
    difference = (
        cv2.GaussianBlur(after, (3, 3), 0)[inside].astype(np.int16) - cv2.GaussianBlur(moved, (3, 3), 0)[inside]
    )
    difference -= np.int16(np.median(difference))
    return float((np.abs(difference) > limit.CHANGED_LUMA).mean())


def _apart_share(start: Points, end: Points) -> float:
    cv2.setRNGSeed(1)
    _, follows = cv2.findFundamentalMat(start, end, cv2.FM_RANSAC, limit.EPIPOLAR_WITHIN_PX, 0.99, 200)
    return 0.0 if follows is None else 1 - float(np.asarray(follows).mean())


def _fast(start: Points, end: Points, matrix: NDArray[np.float64], own_way: NDArray[np.bool_]) -> float:
    """Pixels that the quickest tenth of the points which go their own way moved against the picture."""
    if own_way.sum() < 4:
        return 0.0
    expected = start[own_way] @ matrix[:, :2].T + matrix[:, 2]
    return float(np.percentile(np.hypot(*(end[own_way] - expected).T), 90))
