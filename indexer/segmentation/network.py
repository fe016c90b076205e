"""The shot detector's network: six numbers about each moment, from what `features` measured around it.

A temporal convolutional network with residual layers of growing dilation (Lea et al. 2017), in numpy: at this size
nothing else is faster. `python -m benchmarks.shot_training` makes its weights.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from indexer.domain import EditKind

Floats = NDArray[np.floating]

DILATIONS: Final = (1, 2, 4, 8, 16, 1, 2, 4)
REACH: Final = sum(DILATIONS)
"""Frames on either side that the scores of a frame depend on."""

KINDS: Final[tuple[EditKind, ...]] = ("cut", "dissolve", "fade", "wipe", "slide")
_CLIP = 6.0  # standard deviations


@dataclass(frozen=True, slots=True)
class Scores:
    """Of n frames: `boundary` (n,) whether an edit is at its middle there, `inside` (n,) whether the frame is of one,
    0..1; `kinds` (n, 5) which of `KINDS` it would be, log-odds."""

    boundary: Floats
    inside: Floats
    kinds: Floats

    def of(self, block: slice) -> "Scores":
        return Scores(self.boundary[block], self.inside[block], self.kinds[block])


@dataclass(frozen=True, slots=True)
class Network:
    """One or more trained networks, whose outputs are averaged."""

    name: str
    members: tuple[dict[str, Floats], ...]

    def __call__(self, features: Floats) -> Scores:
        """Of the (n, f) features of n frames in order; before the first and after the last, nothing is known."""
        outputs = np.mean([_output(member, features) for member in self.members], axis=0)
        return Scores(outputs[0], outputs[1], outputs[2:].T)


@cache
def packaged() -> Network:
    """The network that comes with the program."""
    with (files("indexer.segmentation") / "standard.npz").open("rb") as file, np.load(file) as stored:
        return network_of({name: stored[name] for name in stored.files})


def network_of(arrays: dict[str, NDArray[np.generic]]) -> Network:
    """From the arrays of a weights file: `name`, and those of each member as `0.input.weight` and so on."""
    members: dict[str, dict[str, Floats]] = {}
    for name, values in arrays.items():
        number, _, rest = name.partition(".")
        if rest:
            members.setdefault(number, {})[rest] = cast("Floats", values.astype(np.float32))
    return Network(str(arrays["name"]), tuple(members[number] for number in sorted(members)))


def compressed(features: Floats) -> Floats:
    """What the network is given before it standardises: roots, as small differences matter more than large ones."""
    roots: Floats = np.sign(features) * np.sqrt(np.abs(features))
    return roots


def _output(weights: dict[str, Floats], features: Floats) -> Floats:
    """(7, n)."""
    standard = (compressed(features) - weights["mean"]) / weights["spread"]
    rows = np.clip(standard, -_CLIP, _CLIP).T
    count = rows.shape[1]
    state = np.maximum(weights["input.weight"] @ rows + weights["input.bias"][:, None], 0)
    for layer, dilation in enumerate(DILATIONS):
        kernel = weights[f"layers.{layer}.weight"]  # (channels, channels, 3)
        padded = np.pad(state, ((0, 0), (dilation, dilation)))
        change = sum(kernel[:, :, tap] @ padded[:, tap * dilation : tap * dilation + count] for tap in range(3))
        state = state + np.maximum(change + weights[f"layers.{layer}.bias"][:, None], 0)
    output: Floats = weights["output.weight"] @ state + weights["output.bias"][:, None]
    output[:2] = 1 / (1 + np.exp(-output[:2]))
    return output
