"""Vectors, and the index files that were published of them."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from indexer import vector_index
from indexer.ingest.leftovers import leftovers
from indexer.ingest.verify.findings import Checked, Finding, Told
from indexer.ingest.verify.words import verify_words
from indexer.library_folder import LibraryFolder
from indexer.store import Database, Transaction, generations, vector_checks, word_generations
from indexer.store.generations import Generation
from indexer.vector_index import Rows, VectorIndex


def verify_indexes(folder: LibraryFolder, database: Database) -> Iterator[Told]:
    """Every vector is fit and belongs to a caption; every published file holds what the database held then."""
    yield from _verify_vectors(database)
    with database.read() as tx:
        published = generations.published_layers(tx)
    count = 0
    for space, layer in published:
        with database.read() as tx:
            listed = generations.generations(tx, space, layer)
        for generation in listed:
            count += 1
            yield from _verify_generation(folder, database, generation)
    yield from verify_words(folder, database)
    with database.read() as tx:
        named = generations.published_files(tx)
        count += word_generations.latest_words(tx) is not None
    for file in leftovers(folder.indexes, named):
        yield Finding("index_orphan", folder.relative(file), "no index is recorded under this name")
    yield Checked("index files", count)


def _verify_vectors(database: Database) -> Iterator[Told]:
    count = 0
    with database.read() as tx:
        spaces = vector_checks.spaces(tx)
        for space in spaces:
            for some in vector_checks.live_vectors(tx, space):
                count += len(some.rows) + len(some.unfit)
                if some.unfit:
                    message = f"{len(some.unfit)} vectors are not finite and of unit length, or too short or long"
                    yield Finding("vector_unfit", space, message, rows=tuple(some.unfit))
                if some.homeless:
                    message = f"{len(some.homeless)} vectors belong to captions that are gone"
                    yield Finding("vector_homeless", space, message, rows=tuple(some.homeless))
    yield Checked("vectors", count)


def _verify_generation(folder: LibraryFolder, database: Database, generation: Generation) -> Iterator[Finding]:
    """Read in one snapshot in which the file is published still; one that was dropped meanwhile is nobody's."""
    with database.read() as tx:
        if generation not in generations.generations(tx, generation.space, generation.layer):
            return
        index = vector_index.open_index(folder.indexes, generation.manifest)
        difference = None if index is None else _difference(tx, generation, index)
    about = f"{generation.space}, {generation.layer}"
    if index is None and _is_published(database, generation):
        message = f"the index file {generation.manifest.file} of {about} is missing or damaged"
        yield Finding("index_damaged", generation.space, message)
    if difference is not None:
        yield Finding("index_differs", generation.space, f"the index of {about} {difference}")


def _is_published(database: Database, generation: Generation) -> bool:
    with database.read() as tx:
        return generation in generations.generations(tx, generation.space, generation.layer)


def _difference(tx: Transaction, generation: Generation, index: VectorIndex) -> str | None:
    """What an index holds otherwise than the database does.

    It holds the vectors that came until its change number and live, each as an index of its kind keeps it, and
    besides only such as have died since.
    """
    space, layer, seq = generation.space, generation.layer, generation.seq
    held = np.sort(index.rows)
    accounted = np.zeros(len(held), np.bool_)
    for some in vector_checks.live_vectors(tx, space, layer=layer, until_seq=seq):
        if len(some.rows) > (there := int(_among(held, some.rows).sum())):
            return f"lacks {len(some.rows) - there} vectors"
        if not np.array_equal(vector_index.as_kept(index.kind, some.vectors), index.vectors(some.rows)):
            return "holds other vectors than the database"
        accounted |= _among(held, np.array([*some.rows, *some.unfit], np.int64))
    held = held[~accounted]
    dead = vector_checks.count_dead_after(tx, space, layer, seq=seq, rows=held.tolist())
    return None if dead == len(held) else f"holds {len(held) - dead} vectors that the database does not"


def _among(held: Rows, rows: Rows) -> NDArray[np.bool_]:
    """Which of `held` (sorted) are among `rows`, with no more work than these ask for."""
    found = np.zeros(len(held), np.bool_)
    places = np.searchsorted(held, rows)
    inside = places < len(held)
    places, rows = places[inside], rows[inside]
    found[places[held[places] == rows]] = True
    return found
