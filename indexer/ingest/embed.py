"""Captions -> vectors, for whatever the library still lacks."""

from indexer.domain import VideoId
from indexer.embedding import Embedder
from indexer.store import Database, embeddings
from indexer.store.embeddings import Part

BATCH = 256


def embed_new_captions(
    database: Database, embedder: Embedder, *, video: VideoId | None, part: Part | None = None
) -> int:
    """Embed the active captions (of `video`, of a part of it, or of all) that have no vector in the embedder's space
    yet, and commit batch by batch. Returns how many."""
    with database.write() as tx:
        embeddings.ensure_space(tx, embedder.space, embedder.dimension)
    done = last_row = 0
    while True:
        with database.read() as tx:
            waiting = embeddings.unembedded(tx, embedder.space, video=video, limit=BATCH, after=last_row, part=part)
        if not waiting:
            return done
        last_row = waiting[-1].caption_row
        vectors = embedder.embed_captions([one.text for one in waiting])
        with database.write() as tx:
            embeddings.put_vectors(tx, embedder.space, [(one.caption_row, one.layer) for one in waiting], vectors)
        done += len(waiting)
