"""The spools of a library: made while a video is decoded, used by its keyframes and captions, then dropped."""

from collections.abc import Iterator
from contextlib import contextmanager

from indexer.domain import VideoId
from indexer.errors import LibraryBusy
from indexer.ingest import stages
from indexer.ingest.planning import Asked, captioner_names
from indexer.ingest.spool import Spool, open_spool
from indexer.ingest.task import Task
from indexer.ingest.workbench import Workbench
from indexer.media import SpoolOrder
from indexer.store import spools


def order_for(bench: Workbench, task: Task) -> SpoolOrder | None:
    """What to keep of a video that is about to be decoded: what the captioners of this machine will want of it."""
    if not bench.spool_bytes:
        return None
    with bench.database.read() as tx:
        names = captioner_names(tx, Asked.read(task.claim.payload))
    return stages.spool_order(bench.captioners.named(name).wants for name in bench.captioners.here(names))


@contextmanager
def opened_spool(bench: Workbench, video: VideoId) -> Iterator[Spool | None]:
    """What was kept of a video, if that is still there."""
    with bench.database.read() as tx:
        path = spools.path_of(tx, video)
    spool = None if path is None else open_spool(bench.folder.root / path)
    try:
        yield spool
    finally:
        if spool is not None:
            spool.close()


def drop_used_spools(bench: Workbench) -> None:
    """Those that no work is left for. Where the library is busy, whoever comes next does it."""
    try:
        with bench.database.read() as tx:
            used = spools.used_up(tx)
        if used:
            with bench.database.write() as tx:
                spools.forget(tx, used)
    except LibraryBusy:
        return
    for path in used:
        (bench.folder.root / path).unlink(missing_ok=True)
