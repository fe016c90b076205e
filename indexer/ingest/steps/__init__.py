"""What is done to footage, one file a stage: each takes a claimed unit, and leaves its output and what follows."""

from collections.abc import Callable

from indexer.domain import Stage
from indexer.ingest.steps.captioning import write_captions
from indexer.ingest.steps.decoding import decode
from indexer.ingest.steps.embedding import embed
from indexer.ingest.steps.fixity import record_hash
from indexer.ingest.steps.keyframes import make_keyframes
from indexer.ingest.steps.looking import look
from indexer.ingest.steps.pictures import embed_pictures
from indexer.ingest.task import Task
from indexer.ingest.workbench import Workbench

Step = Callable[[Workbench, Task], None]

STEPS: dict[Stage, Step] = {
    "looking": look,
    "decoding": decode,
    "keyframes": make_keyframes,
    "pictures": embed_pictures,
    "captioning": write_captions,
    "embedding": embed,
    "fixity": record_hash,
}
