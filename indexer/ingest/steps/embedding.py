"""Vectors of the texts of a batch of segments."""

from functools import partial

from indexer.ingest import recaption
from indexer.ingest.embed import BATCH
from indexer.ingest.publish import Publisher
from indexer.ingest.steps.captioning import span_of
from indexer.ingest.task import Done, Task
from indexer.ingest.workbench import Workbench
from indexer.store import Transaction, embeddings
from indexer.store.embeddings import Part


def embed(bench: Workbench, task: Task) -> None:
    video, recipe = task.claim.video, task.claim.recipe
    if video is not None:
        embedder = bench.embedder()
        task.commit(lambda tx: embeddings.ensure_space(tx, embedder.space, embedder.dimension))
        last_row = 0
        while True:
            with bench.database.read() as tx:
                waiting = embeddings.unembedded(
                    tx, embedder.space, video=video, limit=BATCH, after=last_row, part=Part(span_of(task), recipe)
                )
            if not waiting:
                break
            last_row = waiting[-1].caption_row
            with bench.embedding:
                vectors = embedder.embed_captions([one.text for one in waiting])
            items = [(one.caption_row, one.layer) for one in waiting]
            task.commit(partial(embeddings.put_vectors, space=embedder.space, items=items, vectors=vectors))
            task.tell(0.5)

    def write(tx: Transaction) -> Done:
        if recipe is not None:
            recaption.switch_if_complete(tx, recipe, but=task.claim)
        return Done()

    task.finish(write)
    if video is not None:
        Publisher(bench.folder, bench.database, task.orders.stop.is_set).publish_if_due(bench.embedder().space)
