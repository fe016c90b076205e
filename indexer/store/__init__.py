"""The only room that knows the database: tables, transactions, full text. Modules of plain functions that take a
`Transaction` first: `videos`, `roots`, `segments`, `settings`, `embeddings`, `fulltext`, `hits`; and `words`, the
analyser."""

from indexer.store.database import Database, Transaction, open_database
from indexer.store.schema import SchemaState, schema_state, upgrade_schema
from indexer.store.segments import SegmentDetail
from indexer.store.videos import Removed

__all__ = [
    "Database",
    "Removed",
    "SchemaState",
    "SegmentDetail",
    "Transaction",
    "open_database",
    "schema_state",
    "upgrade_schema",
]
