"""Search on a GPU: what is copied there follows what is kept, and finds the same.

Where FAISS sees no GPU, an index of the processor stands for the one that would be made there; so all but the making is
tried everywhere.
"""

import faiss
import numpy as np
import pytest

from indexer.domain import Vectors
from indexer.vector_index import faiss_flat, faiss_parts, new_index

DIMENSION = 32
KINDS = ("flat-fp16", "sketched-fp16")
MOST = 2_048  # neighbours at once


@pytest.fixture(params=["stand-in", "gpu"])
def made(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[faiss.Index]:
    """The indexes that are made on the GPU."""
    if request.param == "gpu" and not faiss.get_num_gpus():
        pytest.skip("FAISS sees no GPU")
    empty_on_gpu = faiss.IndexFlatIP if request.param == "stand-in" else faiss_parts.empty_on_gpu
    indexes: list[faiss.Index] = []

    def made_there(dimension: int) -> faiss.Index:
        indexes.append(empty_on_gpu(dimension))
        return indexes[-1]

    monkeypatch.setattr(faiss, "get_num_gpus", lambda: 1)
    monkeypatch.setattr(faiss_flat, "empty_on_gpu", made_there)
    return indexes


def drawn(seed: int, count: int) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


@pytest.mark.parametrize("kind", KINDS)
def test_it_finds_what_comparing_all_finds(kind: str, made: list[faiss.Index]) -> None:
    index, exact = new_index(kind, DIMENSION), new_index("exact", DIMENSION)
    for one in (index, exact):
        one.add(np.arange(25_000, dtype=np.int64) * 2 + 1, drawn(1, 25_000))
    for count in (1, 4):
        rows, scores = index.search(drawn(2, count), 20)
        expected, true = exact.search(drawn(2, count), 20)
        assert np.mean([len({*a} & {*b}) / 20 for a, b in zip(rows, expected, strict=True)]) > 0.97
        np.testing.assert_allclose(scores, true, atol=2e-3)
    assert [copy.ntotal for copy in made] == [25_000]


@pytest.mark.parametrize("kind", KINDS)
def test_it_follows_what_comes_and_goes(kind: str, made: list[faiss.Index]) -> None:
    index, vectors = new_index(kind, DIMENSION), drawn(3, 100)
    index.add(np.arange(50, dtype=np.int64), vectors[:50])
    assert index.search(vectors[7:8], 1)[0].item() == 7
    index.remove(np.array([7], np.int64))
    assert index.search(vectors[7:8], 1)[0].item() != 7
    index.add(np.arange(50, 100, dtype=np.int64), vectors[50:])
    assert index.search(vectors[60:61], 1)[0].item() == 60
    assert [copy.ntotal for copy in made] == [50, 49, 99]


def test_filters_and_more_than_a_gpu_can_find_stay_on_the_processor(made: list[faiss.Index]) -> None:
    index = new_index("flat-fp16", DIMENSION)
    index.add(np.arange(3_000, dtype=np.int64), drawn(4, 3_000))
    allowed = np.arange(0, 3_000, 2, dtype=np.int64)
    assert (index.search(drawn(5, 1), 9, allowed)[0] % 2 == 0).all()
    assert (index.search(drawn(5, 1), MOST + 1)[0] >= 0).all()
    assert made == []
