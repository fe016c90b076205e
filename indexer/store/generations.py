"""Published index files. The row in the database is the publication; a file that no row names is rubbish."""

import hashlib
from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from indexer.domain import IndexManifest
from indexer.store.database import Database
from indexer.store.row_lists import insert_into
from indexer.store.tables import EmbeddingTable, IndexGenerationTable, SpaceTable
from indexer.store.word_tables import WordGenerationTable


@dataclass(frozen=True, slots=True)
class Generation:
    """One published file: it holds the vectors of (space, layer) as they were at change number `seq`."""

    id: str
    space: str
    layer: str
    seq: int
    manifest: IndexManifest


def latest_generation(tx: Session, space: str, layer: str) -> Generation | None:
    """The newest publication of a layer."""
    return next(iter(_newest_first(tx, space, layer)), None)


def generations(tx: Session, space: str, layer: str) -> list[Generation]:
    """The publications of a layer, the newest first."""
    return _newest_first(tx, space, layer)


def published_layers(tx: Session) -> list[tuple[str, str]]:
    """Every (space, layer) of which something is published, in order."""
    query = select(SpaceTable.name, IndexGenerationTable.layer).join(
        SpaceTable, SpaceTable.row == IndexGenerationTable.space_row
    )
    return [(space, layer) for space, layer in tx.execute(query.distinct().order_by(*query.selected_columns))]


def published_files(tx: Session) -> frozenset[str]:
    """The names of all files that a publication names, of vectors or of words."""
    files = (select(IndexGenerationTable.file), select(WordGenerationTable.file))
    return frozenset(name for query in files for name in tx.execute(query).scalars())


def publisher_lock(database: Database, space: str) -> AbstractContextManager[bool]:
    """Whether nobody on another machine publishes `space`, who is kept from it for the block (see `Database.lock`)."""
    digest = hashlib.blake2b(f"publish {space}".encode(), digest_size=8).digest()
    return database.lock(int.from_bytes(digest, signed=True))


def generation_ids(tx: Session, space: str) -> frozenset[str]:
    """All publications of a space: another set means that something was published or dropped."""
    query = select(IndexGenerationTable.id).join(SpaceTable, SpaceTable.row == IndexGenerationTable.space_row)
    return frozenset(tx.execute(query.where(SpaceTable.name == space)).scalars())


def add_generation(tx: Session, generation: Generation) -> bool:
    """Publish a file that is written and synced. False, and nothing done, where a newer one is published already: the
    file is then the caller's to delete."""
    latest = latest_generation(tx, generation.space, generation.layer)
    if latest is not None and latest.seq > generation.seq:
        return False
    manifest = generation.manifest
    space = select(SpaceTable.row).where(SpaceTable.name == generation.space)
    tx.execute(
        insert_into(tx, IndexGenerationTable).values(
            id=generation.id,
            space_row=tx.execute(space).scalar_one(),
            layer=generation.layer,
            seq=generation.seq,
            kind=manifest.kind,
            file=manifest.file,
            dimension=manifest.dimension,
            count=manifest.count,
            bytes=manifest.bytes,
            sha256=manifest.sha256,
        )
    )
    return True


def drop_old_generations(
    tx: Session, space: str, layer: str, *, keep: int = 2, distrusted: Collection[str] = ()
) -> list[str]:
    """Forget all but the newest `keep` publications, those by the ids `distrusted`, and the tombstones that every kept
    one has seen.

    Returns the files that nobody names any more; delete them after this transaction is committed.
    """
    newest_first = _newest_first(tx, space, layer)
    kept = [one for one in newest_first if one.id not in distrusted][:keep]
    dropped = [one for one in newest_first if one not in kept]
    tx.execute(delete(IndexGenerationTable).where(IndexGenerationTable.id.in_([one.id for one in dropped])))
    seen = [EmbeddingTable.seq <= min(one.seq for one in kept)] if kept else []
    tombstones = delete(EmbeddingTable).where(
        EmbeddingTable.space_row == select(SpaceTable.row).where(SpaceTable.name == space).scalar_subquery(),
        EmbeddingTable.layer == layer,
        EmbeddingTable.vec.is_(None),
    )
    tx.execute(tombstones.where(*seen))
    return [one.manifest.file for one in dropped]


def _newest_first(tx: Session, space: str, layer: str) -> list[Generation]:
    query = (
        select(IndexGenerationTable)
        .join(SpaceTable, SpaceTable.row == IndexGenerationTable.space_row)
        .where(SpaceTable.name == space, IndexGenerationTable.layer == layer)
        .order_by(IndexGenerationTable.seq.desc(), IndexGenerationTable.row.desc())
    )
    return [
        Generation(
            one.id,
            space,
            layer,
            one.seq,
            IndexManifest(one.file, one.kind, one.dimension, one.count, one.bytes, one.sha256),
        )
        for one in tx.execute(query).scalars()
    ]
