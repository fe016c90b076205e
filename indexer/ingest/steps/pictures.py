"""Vectors of a video's keyframes, read from the JPEGs that are kept: the footage itself is not needed."""

from functools import partial

from indexer import media
from indexer.domain import Pixels
from indexer.ingest.publish import Publisher
from indexer.ingest.stages import KEYFRAME_SIDE
from indexer.ingest.task import Done, Task
from indexer.ingest.workbench import Workbench
from indexer.store import Transaction, embeddings, spaces
from indexer.store.waiting_pictures import WaitingPicture, unembedded_pictures

_AT_ONCE = 32  # committed together: seconds of work on a processor


def embed_pictures(bench: Workbench, task: Task) -> None:
    """A picture that is not there, or is no whole JPEG, gets none: a verification finds it. Raises `ComponentError`
    where the image embedder is not fit."""
    video, space = task.claim.video, str(task.claim.recipe)
    if video is not None:
        embedder = bench.beside.pictures[space]
        task.commit(lambda tx: embeddings.ensure_space(tx, space, embedder.dimension))
        last_row = 0
        while True:
            with bench.database.read() as tx:
                waiting = unembedded_pictures(tx, space, video=video, limit=_AT_ONCE, after=last_row)
            if not waiting:
                break
            last_row = waiting[-1].row
            found = [(one, pixels) for one in waiting if (pixels := _read(bench, one)) is not None]
            if found:
                with bench.embedding:
                    vectors = embedder.embed_pictures([pixels for _, pixels in found])
                items = [(one.row, one.layer) for one, _ in found]
                put = partial(embeddings.put_vectors, space=space, items=items, vectors=vectors, kind="keyframe")
                task.commit(put)
            task.tell(0.5)

    def write(tx: Transaction) -> Done:
        if spaces.coming(tx, "pictures"):
            spaces.switch_if_complete(tx, "pictures")
        return Done()

    task.finish(write)
    if video is not None:
        Publisher(bench.folder, bench.database, task.orders.stop.is_set).publish_if_due(space)


def _read(bench: Workbench, picture: WaitingPicture) -> Pixels | None:
    try:
        content = (bench.folder.root / picture.path).read_bytes()
        return media.decode_jpeg(content, longest_side=KEYFRAME_SIDE)
    except (FileNotFoundError, ValueError):
        return None
