"""The writing side: from files to indexed videos, stage by stage, committed as it goes.

Importing it loads no database: the processes that decode need the stages alone.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.ingest.pipeline import Ingester
    from indexer.ingest.publish import Publisher

__all__ = ["Ingester", "Publisher"]


def __getattr__(name: str) -> object:
    if name == "Ingester":
        from indexer.ingest.pipeline import Ingester

        return Ingester
    if name == "Publisher":
        from indexer.ingest.publish import Publisher

        return Publisher
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
