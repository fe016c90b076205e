"""Vectors of the texts of a batch of segments."""

from functools import partial

from indexer.domain import VideoId
from indexer.embedding import Embedder
from indexer.ingest import recaption
from indexer.ingest.embed import BATCH
from indexer.ingest.publish import Publisher
from indexer.ingest.steps.captioning import span_of
from indexer.ingest.task import Done, Task
from indexer.ingest.workbench import Workbench
from indexer.store import Transaction, embeddings, spaces
from indexer.store.embeddings import Part


def embed(bench: Workbench, task: Task) -> None:
    """By the embedder in use, and by the one that is to take its place if there is one. A unit without a recipe is
    about all texts of its video."""
    video, recipe = task.claim.video, task.claim.recipe
    part = None if recipe is None else Part(span_of(task), recipe)
    if video is not None:
        for make in bench.text_embedders:
            _embed(bench, task, make(), video=video, part=part)

    def write(tx: Transaction) -> Done:
        if recipe is not None:
            recaption.switch_if_complete(tx, recipe, but=task.claim)
        spaces.switch_if_complete(tx, "texts")
        return Done()

    task.finish(write)
    if video is not None:
        publisher = Publisher(bench.folder, bench.database, task.orders.stop.is_set)
        for make in bench.text_embedders:
            publisher.publish_if_due(make().space)


def _embed(bench: Workbench, task: Task, embedder: Embedder, *, video: VideoId, part: Part | None) -> None:
    task.commit(lambda tx: embeddings.ensure_space(tx, embedder.space, embedder.dimension))
    last_row = 0
    while True:
        with bench.database.read() as tx:
            waiting = embeddings.unembedded(tx, embedder.space, video=video, limit=BATCH, after=last_row, part=part)
        if not waiting:
            return
        last_row = waiting[-1].caption_row
        with bench.embedding:
            vectors = embedder.embed_captions([one.text for one in waiting])
        items = [(one.caption_row, one.layer) for one in waiting]
        task.commit(partial(embeddings.put_vectors, space=embedder.space, items=items, vectors=vectors))
        task.tell(0.5)
