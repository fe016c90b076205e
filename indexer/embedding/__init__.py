"""Embedding: texts, and pictures, to unit vectors that lie close together when these mean or show alike."""

from indexer.embedding.base import Embedder, ImageEmbedder

__all__ = ["Embedder", "ImageEmbedder", "make_embedder", "make_image_embedder"]


def make_embedder(name: str, *, device: str = "auto") -> Embedder:
    """The embedder of this name: `minilm`, or a sentence-transformers model by its name or folder.

    Loads the weights. `device` is what such a model runs on: `auto`, `cpu`, `cuda`, `cuda:1`; `minilm` needs none.
    Raises `ComponentError` when the weights are missing, altered or not safe to load.
    """
    match name:
        case "minilm":
            from indexer.embedding.minilm import MiniLmEmbedder

            return MiniLmEmbedder()
        case _:
            from indexer.embedding.devices import choose_device
            from indexer.embedding.sentence_transformer import SentenceTransformerEmbedder

            return SentenceTransformerEmbedder(name, device=choose_device(device))


def make_image_embedder(name: str, *, device: str = "auto") -> ImageEmbedder:
    """The image embedder of this name: a model of the families SigLIP, SigLIP 2, CLIP and MetaCLIP by its name or
    folder.

    Looks at its files; weights are read when they are first needed. `device` as of `make_embedder`. Raises
    `ComponentError` where the model is not here, not whole, not safe to load, or of another family.
    """
    from indexer.embedding.two_towers import TwoTowerEmbedder

    return TwoTowerEmbedder(name, device=device)
