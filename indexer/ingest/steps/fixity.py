"""A whole file is read, and its hash recorded."""

from indexer import media
from indexer.domain import path_text
from indexer.errors import MediaFailed
from indexer.ingest.presence import presence
from indexer.ingest.sources import ShareAway
from indexer.ingest.task import Done, Task
from indexer.ingest.workbench import Workbench
from indexer.store import Transaction, fixity

TRIES = 4
_WAIT_S = 600.0  # for a file that is being written to


def record_hash(bench: Workbench, task: Task) -> None:
    """A file that is not as it was when it was looked at, or changes under the reader, is tried again later.

    Raises `MediaError`, `ShareAway`.
    """
    with bench.database.read() as tx:
        file = fixity.file_at(tx, int(task.claim.payload["place"] or 0))
    if file is None or file.sha256 is not None:  # its place is another's by now, or somebody was faster
        task.finish(lambda _: Done())
        return
    if presence(file.path, file.root) == "away":
        raise ShareAway(f"{path_text(file.root)} is away")
    try:
        read = media.hash_whole(file.path, tell=lambda done: task.tell(done / max(file.size, 1)))
        if (read.size, read.mtime_ns) != (file.size, file.mtime_ns):
            raise MediaFailed("changed", "the file has changed since it was looked at; add it again")
    except MediaFailed as error:
        if task.claim.attempts + 1 >= TRIES:
            raise
        task.put_off(error.reason, error.message, wait_s=_WAIT_S, counts="as a try")
        return

    def write(tx: Transaction) -> Done:
        fixity.note_hash(tx, file, read.sha256)
        return Done()

    task.finish(write)
