"""The writing side: what is to be done (`planning`, `queueing`, the ledger), what is done (`stages`, `steps`), and who
does it (`worker`).

Importing it loads no database: the processes that decode need the stages alone.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.ingest.pipeline import Ingester
    from indexer.ingest.publish import Publisher
    from indexer.ingest.workbench import Captioners, Workbench
    from indexer.ingest.worker import Worker, default_lanes, nothing_left

_ROOMS = {
    "Captioners": "workbench",
    "Ingester": "pipeline",
    "Publisher": "publish",
    "Workbench": "workbench",
    "Worker": "worker",
    "default_lanes": "worker",
    "nothing_left": "worker",
}

__all__ = ["Captioners", "Ingester", "Publisher", "Workbench", "Worker", "default_lanes", "nothing_left"]


def __getattr__(name: str) -> object:
    if name in _ROOMS:
        return getattr(importlib.import_module(f"indexer.ingest.{_ROOMS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
