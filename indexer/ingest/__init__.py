"""The writing side: from files to indexed videos, stage by stage, committed as it goes."""

from indexer.ingest.pipeline import Ingester
from indexer.ingest.publish import Publisher

__all__ = ["Ingester", "Publisher"]
