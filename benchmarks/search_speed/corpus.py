"""Captions by the million with their vectors: those of public sets, and mixtures of them.

A mixture is two captions joined; its vector is the normalised sum of theirs plus a little noise, so only the distinct
ones are ever embedded.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.text_library import BENCH, read_corpus, read_lines
from indexer.domain import Vectors
from indexer.embedding import Embedder

CORPORA = ("msrvtt-5cap", "msvd-5cap", "charades", "charades-sta", "tacos", "yc2", "vatex-machine", "msrvtt1ka-5cap")
TASKS = ("msrvtt-1cap", "charades", "tacos", "msrvtt-1cap+kw3", "msrvtt-1cap+typo")
_SEED = 7
_NOISE = 0.01  # of each number: a fifth of the vector's own
_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Captions:
    """Some captions, and their vectors (n, dimension)."""

    texts: list[str]
    vectors: Vectors


def captions(count: int, distinct: Captions) -> Iterator[Captions]:
    """`count` captions, some at a time and in random order: the distinct ones first, as far as they go."""
    dice = np.random.default_rng(_SEED)
    order = dice.permutation(min(count, len(distinct.texts)))
    for start in range(0, len(order), _AT_ONCE):
        places = order[start : start + _AT_ONCE]
        yield Captions([distinct.texts[place] for place in places], distinct.vectors[places])
    for start in range(len(order), count, _AT_ONCE):
        pairs = dice.integers(0, len(distinct.texts), (2, min(_AT_ONCE, count - start)))
        mixed = distinct.vectors[pairs[0]] + distinct.vectors[pairs[1]]
        mixed += _NOISE * dice.standard_normal(mixed.shape, np.float32)
        mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
        texts = [f"{distinct.texts[one]} and then {distinct.texts[other]}" for one, other in pairs.T.tolist()]
        yield Captions(texts, mixed)


def distinct_captions(embedder: Embedder, kept: Path) -> Captions:
    """The captions of the public sets, each once. Their vectors are kept in the file `kept`: embedding them takes
    minutes."""
    texts: dict[str, None] = {}
    for line in read_lines(BENCH / "captions" / "msrvtt_test.jsonl.gz"):
        listed = line["captions"]
        assert isinstance(listed, list)
        texts.update(dict.fromkeys(listed))
    for corpus in CORPORA:
        texts.update(dict.fromkeys(document.text for document in read_corpus(corpus)))
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept, embedder.embed_captions(list(texts)))
    vectors = np.load(kept)
    if len(vectors) != len(texts):
        raise SystemExit(f"{kept} holds vectors of other captions; delete it")
    return Captions(list(texts), vectors)


def sample_queries(count: int) -> list[str]:
    """Sentences, keywords and misspelt sentences, of the development splits."""
    queries = []
    for task in TASKS:
        lines = read_lines(BENCH / "retrieval" / "tasks" / f"{task}.queries.jsonl.gz")
        queries += [str(line["text"]) for line in lines if line["split"] == "dev"]
    random.Random(_SEED).shuffle(queries)
    return queries[:count]
