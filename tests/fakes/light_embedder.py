"""An image embedder without a model: it sees how light a picture is, and knows what `dark` and `bright` mean."""

from collections.abc import Iterable, Sequence

import numpy as np

from indexer.domain import Pixels, Vectors


class LightEmbedder:
    """Black is one direction in the plane, white the one at right angles to it."""

    space = "light/2"
    dimension = 2

    def embed_pictures(self, pictures: Sequence[Pixels]) -> Vectors:
        return _directions(float(picture.mean()) / 255 for picture in pictures)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        return _directions(0.0 if "dark" in text else 1.0 if "bright" in text else 0.5 for text in texts)


def _directions(lightness: Iterable[float]) -> Vectors:
    angles = np.fromiter(lightness, np.float64) * np.pi / 2
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
