"""The frames of an edit, mixed of the shots on both sides, as editing programs mix them."""

from typing import Literal

import numpy as np

from benchmarks.shot_training.takes import HEIGHT, WIDTH, Floats, Pictures, Rng

Join = Literal["cut", "dissolve", "fade", "wipe", "slide", "flash"]
"""As `indexer.domain.EditKind`, and `flash`: a cut under a flash of a few frames."""

_ROWS, _COLUMNS = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)


def length_of(rng: Rng, join: Join) -> int:
    """In frames, of each half of a fade; 0 for a cut."""
    match join:
        case "cut":
            return 0
        case "dissolve":
            return int(rng.uniform(5, 50))
        case "fade":
            return int(rng.uniform(6, 30))
        case "flash":
            return int(rng.integers(2, 5))
        case _:
            return int(rng.uniform(5, 32))


def joined(rng: Rng, join: Join, old: Pictures, new: Pictures) -> Pictures:
    """`old` and `new` are as long as the edit. A fade comes out longer: out, a second of nothing at most, and in."""
    count = len(old)
    shares = ((np.arange(count) + 1) / (count + 1)).astype(np.float32)[:, None, None, None]
    if join != "fade" and rng.random() < 0.25:
        shares = shares * shares * (3 - 2 * shares)  # slow at both ends
    match join:
        case "dissolve":
            if rng.random() < 0.1:  # additive
                return np.clip(old * np.minimum(1, 2 - 2 * shares) + new * np.minimum(1, 2 * shares), 0, 255)
            return old * (1 - shares) + new * shares
        case "fade":
            return _fade(rng, old, new, shares)
        case "wipe":
            return _wipe(rng, old, new, shares)
        case "slide":
            return _slide(rng, old, new, shares)
        case "flash":
            height = 1 - np.abs((np.arange(count, dtype=np.float32) + 0.5) / count * 2 - 1)[:, None, None, None] / 2
            shown = np.where((np.arange(count) < count / 2)[:, None, None, None], old, new)
            return shown * (1 - height) + 255 * height
        case _:
            raise ValueError("a cut has no frames")


def _fade(rng: Rng, old: Pictures, new: Pictures, shares: Pictures) -> Pictures:
    colour = np.zeros(3, np.float32)
    if rng.random() < 0.2:
        colour += 255 if rng.random() < 0.8 else rng.integers(0, 256, 3)
    out, into = old * (1 - shares) + colour * shares, colour * (1 - shares) + new * shares
    only = rng.random()
    if only < 0.12:
        out = out[:0]
    elif only < 0.24:
        into = into[:0]
    empty = np.broadcast_to(colour, (int(rng.choice([0, 0, 2, 5, 12, 25])), HEIGHT, WIDTH, 3))
    return np.concatenate([out, empty, into], dtype=np.float32)


def _wipe(rng: Rng, old: Pictures, new: Pictures, shares: Pictures) -> Pictures:
    softness = float(rng.choice([0.02, 0.04, 0.04, 0.15, 0.35]))
    far = shares[..., 0] * (1 + 1.5 * softness) - _order_of_pixels(rng)[None]
    mask: Floats = np.clip(far / softness + 0.5, 0, 1)[..., None]
    return old * (1 - mask) + new * mask


def _order_of_pixels(rng: Rng) -> Floats:
    """When a wipe reaches each pixel, about 0..1: lines, circles, doors, clocks, blinds."""
    x, y = _COLUMNS / WIDTH, _ROWS / HEIGHT
    from_middle = np.hypot(_COLUMNS - WIDTH / 2, _ROWS - HEIGHT / 2) / np.hypot(WIDTH / 2, HEIGHT / 2)
    around = np.arctan2(_ROWS - HEIGHT / 2, _COLUMNS - WIDTH / 2) / (2 * np.pi) + 0.5
    blinds = np.mod(x * rng.integers(3, 8), 1)
    shapes = (x, 1 - x, y, 1 - y, (x + y) / 2, from_middle, 1 - from_middle, np.abs(x - 0.5) * 2, around, blinds)
    order: Floats = shapes[int(rng.integers(len(shapes)))]
    return order if rng.random() < 0.8 else 1 - order


def _slide(rng: Rng, old: Pictures, new: Pictures, shares: Pictures) -> Pictures:
    """The new picture pushes the old one out, moves over it, or is uncovered by it; from any of the four sides."""
    across, backward = rng.random() < 0.7, rng.random() < 0.5
    how = str(rng.choice(["push", "cover", "uncover"], p=[0.6, 0.2, 0.2]))
    axis = 2 if across else 1
    if backward:
        old, new = np.flip(old, axis), np.flip(new, axis)
    length = old.shape[axis]
    frames = []
    for a, b, share in zip(old, new, shares.ravel().tolist(), strict=True):
        gone = round(share * length)
        first = _part(a, axis - 1, 0, length - gone) if how == "cover" else _part(a, axis - 1, gone, length)
        second = _part(b, axis - 1, length - gone, length) if how == "uncover" else _part(b, axis - 1, 0, gone)
        frames.append(np.concatenate([first, second], axis=axis - 1))
    slid = np.stack(frames)
    return np.flip(slid, axis) if backward else slid


def _part(picture: Pictures, axis: int, first: int, end: int) -> Pictures:
    return picture[first:end] if axis == 0 else picture[:, first:end]
