"""A BERT sentence encoder in plain numpy: the forward pass alone, for small models on the CPU.

Searching must start in a moment; loading a deep-learning framework takes seconds and the arithmetic for one question
takes milliseconds. Architecture: Devlin et al., "BERT", NAACL 2019, section 3 (post-norm encoder, GELU); pooling by
the mean over tokens: Reimers and Gurevych, "Sentence-BERT", EMNLP 2019, section 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.domain import Vectors

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class BertShape:
    """What the weights do not tell by themselves."""

    layers: int
    heads: int
    norm_epsilon: float


class BertEncoder:
    """Token ids in, unit sentence vectors out. `weights` are named as in a `BertModel` checkpoint."""

    def __init__(self, weights: Weights, shape: BertShape) -> None:
        self._shape = shape
        self._words = weights["embeddings.word_embeddings.weight"]
        self._places = (
            weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = _norm_weights(weights, "embeddings.LayerNorm")
        self._layers = [_Layer(weights, f"encoder.layer.{number}", shape) for number in range(shape.layers)]

    @property
    def dimension(self) -> int:
        return int(self._words.shape[1])

    def encode(self, ids: NDArray[np.int64]) -> Vectors:
        """(n, length) token ids, every text of one length, to (n, dimension) unit rows."""
        hidden = self._words[ids] + self._places[: ids.shape[1]]
        hidden = _normalise(hidden, self._norm, self._shape.norm_epsilon)
        for layer in self._layers:
            hidden = layer(hidden)
        pooled = hidden.mean(axis=1)
        unit: Vectors = pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-12)
        return unit


class _Layer:
    """Self-attention and a feed-forward step, each added to its input and normalised."""

    def __init__(self, weights: Weights, name: str, shape: BertShape) -> None:
        self._shape = shape
        parts = [_dense_weights(weights, f"{name}.attention.self.{part}") for part in ("query", "key", "value")]
        self._attend = (np.concatenate([w for w, _ in parts], axis=1), np.concatenate([b for _, b in parts]))
        self._gather = _dense_weights(weights, f"{name}.attention.output.dense")
        self._gather_norm = _norm_weights(weights, f"{name}.attention.output.LayerNorm")
        self._widen = _dense_weights(weights, f"{name}.intermediate.dense")
        self._narrow = _dense_weights(weights, f"{name}.output.dense")
        self._narrow_norm = _norm_weights(weights, f"{name}.output.LayerNorm")

    def __call__(self, hidden: Floats) -> Floats:
        epsilon = self._shape.norm_epsilon
        hidden = _normalise(hidden + _dense(self._attention(hidden), self._gather), self._gather_norm, epsilon)
        widened = _gelu(_dense(hidden, self._widen))
        return _normalise(hidden + _dense(widened, self._narrow), self._narrow_norm, epsilon)

    def _attention(self, hidden: Floats) -> Floats:
        texts, length, width = hidden.shape
        split = _dense(hidden, self._attend).reshape(texts, length, 3, self._shape.heads, -1)
        query, key, value = split.transpose(2, 0, 3, 1, 4)  # each (texts, heads, length, width of a head)
        shares = query @ key.swapaxes(-1, -2)
        shares *= np.float32(query.shape[-1] ** -0.5)
        shares -= shares.max(axis=-1, keepdims=True)
        np.exp(shares, out=shares)
        shares /= shares.sum(axis=-1, keepdims=True)
        mixed: Floats = shares @ value
        return mixed.swapaxes(1, 2).reshape(texts, length, width)


def _dense_weights(weights: Weights, name: str) -> tuple[Floats, Floats]:
    return np.ascontiguousarray(weights[f"{name}.weight"].T), weights[f"{name}.bias"]


def _norm_weights(weights: Weights, name: str) -> tuple[Floats, Floats]:
    return weights[f"{name}.weight"], weights[f"{name}.bias"]


def _dense(inputs: Floats, weights: tuple[Floats, Floats]) -> Floats:
    """A matrix product over flattened rows: one large multiplication instead of one a text."""
    matrix, bias = weights
    flat = inputs.reshape(-1, inputs.shape[-1]) @ matrix
    flat += bias
    return flat.reshape(*inputs.shape[:-1], -1)


def _normalise(inputs: Floats, weights: tuple[Floats, Floats], epsilon: float) -> Floats:
    centred: Floats = inputs - inputs.mean(axis=-1, keepdims=True)
    variance = np.einsum("...i,...i->...", centred, centred)[..., None] / np.float32(inputs.shape[-1])
    centred /= np.sqrt(variance + np.float32(epsilon))
    centred *= weights[0]
    centred += weights[1]
    return centred


def _gelu(inputs: Floats) -> Floats:
    """x/2 (1 + erf(x / sqrt 2)) = max(x, 0) - |x|/2 erfc(|x| / sqrt 2), erfc by formula 7.1.26 of Abramowitz and Stegun
    (error below 1.5e-7). In place: fresh arrays of this size cost more than the arithmetic."""
    size = np.abs(inputs) * np.float32(0.5**0.5)
    step = np.reciprocal(1 + np.float32(0.3275911) * size)
    tail = step * np.float32(1.061405429)
    for coefficient in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        tail += np.float32(coefficient)
        tail *= step
    np.multiply(size, size, out=step)
    tail *= np.exp(np.negative(step, out=step), out=step)
    tail *= size
    tail *= np.float32(0.5**0.5)  # |x|/2 = size * sqrt 2 / 2
    gelu: Floats = np.maximum(inputs, 0, out=size)
    gelu -= tail
    return gelu
