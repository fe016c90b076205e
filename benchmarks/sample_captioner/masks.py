"""Where a thing is: what changes in the picture when the same clip is drawn with that thing in another colour.

Every choice of the drawn world has its own dice, so nothing else changes. Kept for some of the clips, as the share of
each vision token's square that the thing covers.
"""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.sample_captioner.drawing import FRAMES, ClipTruth, Store
from data.drawing.canvas import painted
from data.drawing.dice import Dice
from data.drawing.scenes import SCENES

Masks = NDArray[np.uint8]  # (pins, MOMENTS, tokens) of 255
MOMENTS = FRAMES // 2
SQUARE = 12  # pixels a side of a token's square, as small as masks are drawn
_PEOPLE = ("man", "woman", "child")
PINS: dict[str, tuple[tuple[str, tuple[str, str], tuple[str, ...]], ...]] = {  # pin, two of its options, nouns
    "harbour": (("colour", ("red", "blue"), ("sailing boat", "fishing boat", "ferry")),),
    "sail": (("colour", ("red", "blue"), ("sailing boat",)),),
    "lighthouse": (("colour", ("red", "blue"), ("lighthouse",)),),
    "platform": (("colour", ("red", "blue"), ("train",)), ("traveller colour", ("red", "blue"), _PEOPLE)),
    "viaduct": (("colour", ("red", "blue"), ("train",)),),
    "reef": (("colour", ("red", "blue"), ("fish",)),),
    "anemone": (
        ("colour", ("red", "yellow"), ("striped fish",)),
        ("anemone colour", ("pink", "green"), ("sea anemone",)),
    ),
    "jellyfish": (("colour", ("blue", "pink"), ("jellyfish",)),),
    "street": (("colour", ("red", "blue"), ("car", "bus")), ("walker colour", ("red", "blue"), _PEOPLE)),
    "forklift": (
        ("colour", ("red", "blue"), ("forklift",)),
        ("box colour", ("red", "blue"), ("box",)),
        ("worker colour", ("red", "blue"), _PEOPLE),
    ),
    "conveyor": (("colour", ("red", "blue"), ("boxes",)), ("worker colour", ("red", "blue"), _PEOPLE)),
    "interview": (("speaker colour", ("red", "blue"), _PEOPLE),),
    "snow road": (("colour", ("red", "blue"), ("snow plough",)),),
    "snowman": (("thrower colour", ("red", "blue"), _PEOPLE), ("colour", ("red", "blue"), ("snowman",))),
}


def draw_masks(store: Store, count: int) -> None:
    """Of the first `count` clips of the store, beside it: `NAME.masks/NUMBER.npy`; those that are there are left."""
    cv2.setNumThreads(1)
    folder = masks_folder(store)
    folder.mkdir(exist_ok=True)
    for number, truth in enumerate(store.truths()[:count]):
        path = folder / f"{number}.npy"
        if truth["kind"] in PINS and not path.exists():
            np.save(path, masks(truth))


def masks_folder(store: Store) -> Path:
    return store.folder / f"{store.name}.masks"


def masks(truth: ClipTruth) -> Masks:
    own = _drawn(truth, {})
    found = []
    for pin, options, _ in PINS[truth["kind"]]:
        changed = next(
            change
            for option in options
            if (change := _changed(own, _drawn(truth, {pin: option}))).any() or option == options[1]
        )
        found.append(changed)
    return np.stack(found)


def mask_for(truth: ClipTruth, kept: Masks, noun: str) -> Masks | None:
    """(MOMENTS, tokens) of the thing that is called `noun`."""
    return next((mask for mask, (_, _, nouns) in zip(kept, PINS[truth["kind"]], strict=True) if noun in nouns), None)


def _drawn(truth: ClipTruth, pins: dict[str, str | int]) -> NDArray[np.uint8]:
    seconds, size = truth["seconds"], (4 * SQUARE, 7 * SQUARE) if truth["tall"] else (7 * SQUARE, 4 * SQUARE)
    with painted(1):
        scene = SCENES[truth["kind"]](Dice(truth["seed"], pins), seconds)
        return np.stack([scene.draw((moment + 0.5) / MOMENTS * seconds, size) for moment in range(MOMENTS)])


def _changed(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.uint8]:
    changed = np.abs(first.astype(np.int16) - second).max(axis=3) > 20
    moments, height, width = changed.shape
    squares = changed.reshape(moments, height // SQUARE, SQUARE, width // SQUARE, SQUARE).mean((2, 4))
    return np.asarray(squares.reshape(moments, -1) * 255, dtype=np.uint8)
