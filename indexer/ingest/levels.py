"""How near is near in this library? Measured on its own texts, without anybody's judgement.

Some words of a text are taken for a question, the text's own video is put aside, and the nearest text of another says
how near a question that belongs here comes even though its answer is missing. A question that *is* answered here seldom
comes less near than the least of these; one about other things mostly does. In a library of one subject all this lies
higher than in one of many, and questions of few words come less near than sentences, so it is measured in each library
and for several numbers of words.
"""

import random
from collections.abc import Sequence

import numpy as np

from indexer import vector_index
from indexer.domain import Vectors
from indexer.embedding import Embedder
from indexer.library_folder import LibraryFolder
from indexer.store import Database, Transaction, embeddings, fulltext, hits, search_levels, words
from indexer.store.search_levels import Level, SampledText
from indexer.vector_index import VectorIndex

SAMPLE = 400  # texts
QUESTIONS = 150  # of each number of words
NUMBERS_OF_WORDS = (1, 2, 3, 4, 6, 9)
NOTHING, FAIR, STRONG = 0.07, 0.25, 0.75  # quantiles of how near such questions come
FEWEST_QUESTIONS = 50  # fewer say nothing about a tenth of them
GROWTH = 1.5  # measured again once the library is so many times as large, or as small
NEIGHBOURS = 50  # looked at for one of another video


def measure_levels(folder: LibraryFolder, database: Database, embedder: Embedder) -> bool:
    """Measure the levels of the embedder's space where they are not known or the library outgrew them. Says whether it
    did. Needs a published index; costs seconds."""
    with database.read() as tx:
        texts = fulltext.document_count(tx, of="segments")
        before = search_levels.texts_then(tx, embedder.space)
        if texts < FEWEST_QUESTIONS or before / GROWTH <= texts <= before * GROWTH:
            return False
        sample = search_levels.sample_texts(tx, SAMPLE)
        index = _largest_index(folder, tx, embedder.space)
    if index is None:
        return False
    levels = []
    for number in NUMBERS_OF_WORDS:
        asked = questions(sample, number)
        if len(asked) < FEWEST_QUESTIONS:
            continue
        vectors = embedder.embed_queries([text for _, text in asked])
        nearest = _nearest_elsewhere(database, index, vectors, videos=[video for video, _ in asked])
        if len(nearest) >= FEWEST_QUESTIONS:
            levels.append(Level(number, *(round(float(np.quantile(nearest, at)), 4) for at in (NOTHING, FAIR, STRONG))))
    with database.write() as tx:
        search_levels.write(tx, embedder.space, levels, texts=texts)
    return bool(levels)


def questions(sample: Sequence[SampledText], number: int) -> list[tuple[int, str]]:
    """(video row, so many of a text's words in their order), the same ones each time; of texts that have as many."""
    chance = random.Random(number)
    asked = []
    for one in sample:
        content = [token.word for token in words.tokens(one.text) if token.word not in words.STOP_WORDS]
        distinct = list(dict.fromkeys(content))
        if len(distinct) >= number:
            kept = sorted(chance.sample(range(len(distinct)), number))
            asked.append((one.video_row, " ".join(distinct[place] for place in kept)))
    return asked[:QUESTIONS]


def _largest_index(folder: LibraryFolder, tx: Transaction, space: str) -> VectorIndex | None:
    found = [embeddings.latest_generation(tx, space, layer) for layer in embeddings.layers(tx, space)]
    published = max((one for one in found if one), key=lambda one: one.manifest.count, default=None)
    return vector_index.open_index(folder.indexes, published.manifest) if published else None


def _nearest_elsewhere(
    database: Database, index: VectorIndex, vectors: Vectors, *, videos: Sequence[int]
) -> list[float]:
    """Of each question the cosine of the nearest text of another video than its own, where there is one."""
    rows, cosines = index.search(vectors, min(len(index), NEIGHBOURS))
    with database.read() as tx:
        live = embeddings.resolve(tx, sorted({int(row) for row in rows.ravel() if row >= 0}))
        videos_of = hits.videos_of(tx, (one.segment_row for one in live))
    video_of = {one.row: videos_of[one.segment_row] for one in live}
    nearest = []
    for own, near, scores in zip(videos, rows.tolist(), cosines.tolist(), strict=True):
        others = (score for row, score in zip(near, scores, strict=True) if video_of.get(row, own) != own)
        if (best := next(others, None)) is not None:
            nearest.append(best)
    return nearest
