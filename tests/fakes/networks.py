"""Networks for the shot detector that say what they are told to say, whatever they see."""

import numpy as np

from indexer.segmentation.network import DILATIONS, KINDS, Network, network_of

_CHANNELS, _FEATURES = 2, 114


def constant_network(*, boundary: float) -> Network:
    """Every moment is a boundary with this likelihood (0..1, open), a hard cut, and inside no edit."""
    outputs = [np.log(boundary / (1 - boundary)), -9.0, 9.0, *[0.0] * (len(KINDS) - 1)]
    arrays = {
        "mean": np.zeros(_FEATURES),
        "spread": np.ones(_FEATURES),
        "input.weight": np.zeros((_CHANNELS, _FEATURES)),
        "input.bias": np.zeros(_CHANNELS),
        "output.weight": np.zeros((len(outputs), _CHANNELS)),
        "output.bias": np.array(outputs),
    }
    for layer in range(len(DILATIONS)):
        arrays[f"layers.{layer}.weight"] = np.zeros((_CHANNELS, _CHANNELS, 3))
        arrays[f"layers.{layer}.bias"] = np.zeros(_CHANNELS)
    return network_of({"name": np.array("constant"), **{f"0.{name}": values for name, values in arrays.items()}})
