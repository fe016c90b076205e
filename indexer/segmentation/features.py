"""What the moment before a frame looks like: the numbers that the shot detector's network reads.

Each kind answers a question. Do the pictures on both sides differ, however their parts moved (`_differences`)? Is a
picture from before still, or again, there afterwards (`neighbourhood`)? Is this picture a mixture of an earlier and a
later one (`_mixtures`)? How bright and how rich is it (`_light`)?
"""

import numpy as np
from numpy.typing import NDArray

from indexer.domain import Pixels
from indexer.segmentation import neighbourhood as near
from indexer.segmentation.small_pictures import HEIGHT, WIDTH, SmallPictures, reduced

Floats = NDArray[np.floating]
Places = NDArray[np.int64]

REACH = near.REACH + 12
"""Frames on either side that the numbers of a frame depend on, at most."""

_STEPS = (1, 2, 4, 8, 16)  # frames from the one before the moment to the one after it
_MIXED = (4, 8, 16)
_AT_ONCE = 64  # frames: what they need stays in the processor's cache
_FLAT = 3.0  # of 255: how far pictures must depart from their mean to count as having a shape
_LEVELS, _SHADES = 32, 16


def features(pictures: Pixels, rows: slice = slice(None)) -> Floats:
    """(n, 36, 64, 3) RGB frames, in order, to (n, 114) float32, or to those `rows` of it.

    Beyond the ends, the first and the last frame count as repeated.
    """
    small = reduced(pictures)
    places = np.arange(len(small))[rows]
    luma_shares, colour_shares = _histograms(small)
    shape = _unit(small.coarse)
    colours = np.sqrt(np.concatenate([luma_shares, colour_shares], axis=1) / 2)  # their product: Bhattacharyya's
    return np.concatenate(
        [
            _differences(small, shape, luma_shares, colour_shares, places=places),
            near.neighbourhood(shape)[rows],
            near.neighbourhood(colours)[rows],
            _mixtures(small, places),
            _light(small.luma)[rows],
        ],
        axis=1,
        dtype=np.float32,
    )


def _differences(
    small: SmallPictures, shape: Floats, luma_shares: Floats, colour_shares: Floats, *, places: Places
) -> Floats:
    """(m, 45): for each step, how the pictures on both sides of the moment differ, in nine ways."""
    edges = _unit(_high_pass(small.coarse))
    found = np.zeros((len(_STEPS), len(places), 9), np.float32)
    for numbers, step in zip(found, _STEPS, strict=True):
        before, after = np.maximum(places - step, 0), np.minimum(places + step - 1, len(small) - 1)
        for first in range(0, len(places), _AT_ONCE):
            rows = slice(first, first + _AT_ONCE)
            a, b = before[rows], after[rows]
            blocks = np.sort(_unmatched(small, a, b, fine=step == 1), axis=1)
            numbers[rows, 0] = blocks.mean(axis=1)
            numbers[rows, 1] = (blocks[:, 5] + blocks[:, 6]) / 2
            numbers[rows, 2], numbers[rows, 3] = blocks[:, 2], blocks[:, 10]
            numbers[rows, 4] = np.abs(small.luma[a] - small.luma[b]).mean(axis=(1, 2)) / 255
            numbers[rows, 5] = np.abs(small.colour[a] - small.colour[b]).mean(axis=1) / 128
            numbers[rows, 6] = np.abs(luma_shares[a] - luma_shares[b]).sum(axis=1) / 4
            numbers[rows, 6] += np.abs(colour_shares[a] - colour_shares[b]).sum(axis=1) / 4
            numbers[rows, 7] = 1 - np.einsum("nd,nd->n", shape[a], shape[b])
            numbers[rows, 8] = 1 - np.einsum("nd,nd->n", edges[a], edges[b])
    found[:, places == 0] = 0  # nothing was before the first frame
    return np.concatenate(found, axis=1)


def _unmatched(small: SmallPictures, before: Places, after: Places, *, fine: bool) -> Floats:
    """(m, 12): of each of 4x3 blocks, the least mean difference of luma (0..1) over small shifts, as video coders match
    blocks. A `fine` match shifts by up to 2 of 32 pixels, the other by up to 3 of 16."""
    if fine:
        return _best_match(small.luma[before], small.luma[after], _FINE_BLOCKS, reach=2)
    return _best_match(small.coarse[before], small.coarse[after], _COARSE_BLOCKS, reach=3)


def _best_match(before: Floats, after: Floats, blocks: Floats, *, reach: int) -> Floats:
    count, height, width = after.shape
    padded = np.pad(before, ((0, 0), (reach, reach), (reach, reach)), mode="edge")
    difference = np.empty_like(after)
    best = np.full((count, blocks.shape[1]), np.inf, np.float32)
    for down in range(2 * reach + 1):
        for across in range(2 * reach + 1):
            np.subtract(padded[:, down : down + height, across : across + width], after, out=difference)
            np.abs(difference, out=difference)
            np.minimum(best, difference.reshape(count, -1) @ blocks, out=best)
    return best


def _blocks(height: int, width: int) -> Floats:
    """(height * width, 12): what turns differences of pixels, 0..255, into means of 3x4 blocks, 0..1."""
    ones = np.ones((height // 3, width // 4), np.float32)
    of_pixel = np.kron(np.arange(12).reshape(3, 4), ones).ravel().astype(np.int64)
    means: Floats = np.eye(12, dtype=np.float32)[of_pixel] / (ones.size * 255)
    return means


_FINE_BLOCKS, _COARSE_BLOCKS = _blocks(HEIGHT, WIDTH), _blocks(HEIGHT // 2, WIDTH // 2)


def _mixtures(small: SmallPictures, places: Places) -> Floats:
    """(m, 12): for each span, the share of the later picture in the mixture that fits best, what that leaves over, what
    is left where each pixel is taken from one of the two, and how far the two are apart."""
    pixels = np.concatenate([small.coarse.reshape(len(small), -1), small.colour], axis=1)
    numbers = []
    for span in _MIXED:
        before = pixels[np.maximum(places - span, 0)]
        way, gone = pixels[np.minimum(places + span, len(small) - 1)] - before, pixels[places] - before
        share = np.einsum("nd,nd->n", gone, way) / (np.einsum("nd,nd->n", way, way) + 1e-3)
        apart = np.abs(way).mean(axis=1) + 2
        mixed = np.abs(gone - np.clip(share, 0, 1)[:, None] * way).mean(axis=1)
        either = np.minimum(np.abs(gone), np.abs(gone - way)).mean(axis=1)
        numbers += [np.clip(share, -1, 2), mixed / apart, either / apart, apart / 128]
    return np.stack(numbers, axis=1)


def _light(luma: Floats) -> Floats:
    """(n, 5): mean, spread and texture of luma, 0..1, and the slopes of the first two."""
    mean, spread = luma.mean(axis=(1, 2)) / 255, luma.std(axis=(1, 2)) / 255
    texture = np.abs(np.diff(luma, axis=2)).mean(axis=(1, 2)) + np.abs(np.diff(luma, axis=1)).mean(axis=(1, 2))
    return np.stack([mean, spread, texture / 255, _slope(mean), _slope(spread)], axis=1)


def _slope(values: Floats) -> Floats:
    padded = np.pad(values, 1, mode="edge")
    slope: Floats = (padded[2:] - padded[:-2]) / 2
    return slope


def _histograms(small: SmallPictures) -> tuple[Floats, Floats]:
    """(n, 32) shares of levels of luma, smoothed, and (n, 256) shares of colours."""
    count = len(small)
    rows = np.arange(count)[:, None]
    levels = np.clip((small.luma.reshape(count, -1) * (_LEVELS / 256)).astype(np.int64), 0, _LEVELS - 1)
    luma = np.bincount((levels + rows * _LEVELS).ravel(), minlength=count * _LEVELS).reshape(count, _LEVELS)
    padded = np.pad(luma / np.float32(levels.shape[1]), ((0, 0), (1, 1)))
    shades = np.clip(((small.colour + 128) * (_SHADES / 256)).astype(np.int64), 0, _SHADES - 1)
    pairs = shades[:, 0::2] * _SHADES + shades[:, 1::2]
    size = _SHADES * _SHADES
    colour = np.bincount((pairs + rows * size).ravel(), minlength=count * size).reshape(count, size)
    return (
        (padded[:, :-2] / 4 + padded[:, 1:-1] / 2 + padded[:, 2:] / 4).astype(np.float32),
        colour.astype(np.float32) / np.float32(pairs.shape[1]),
    )


def _unit(pictures: Floats) -> Floats:
    """(n, h, w) to (n, h * w) without their means, of unit length: blind to exposure and contrast. Flat pictures become
    short: they are like nothing, not even like themselves."""
    rows = pictures.reshape(len(pictures), -1)
    rows = rows - rows.mean(axis=1, keepdims=True)
    lengths = np.sqrt(np.einsum("nd,nd->n", rows, rows))[:, None]
    unit: Floats = rows / (lengths + np.float32(_FLAT * rows.shape[1] ** 0.5))
    return unit


def _high_pass(pictures: Floats) -> Floats:
    """What of (n, h, w) pictures differs from the four pixels around: edges and texture."""
    padded = np.pad(pictures, ((0, 0), (1, 1), (1, 1)), mode="edge")
    around = padded[:, :-2, 1:-1] + padded[:, 2:, 1:-1] + padded[:, 1:-1, :-2] + padded[:, 1:-1, 2:]
    sharp: Floats = pictures - around / 4
    return sharp
