"""Embedding: texts to unit vectors that lie close together when the texts mean alike."""

from indexer.embedding.base import Embedder

__all__ = ["Embedder", "make_embedder"]


def make_embedder(name: str) -> Embedder:
    """The embedder of this name: `minilm`, or a sentence-transformers model by its name or folder.

    Loads the weights. Raises `ComponentError` when they are missing, altered or not safe to load.
    """
    match name:
        case "minilm":
            from indexer.embedding.minilm import MiniLmEmbedder

            return MiniLmEmbedder()
        case _:
            from indexer.embedding.sentence_transformer import SentenceTransformerEmbedder

            return SentenceTransformerEmbedder(name)
