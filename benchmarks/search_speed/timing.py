"""How long searches take, whole and in parts."""

import pkgutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np

Times = Mapping[str, Sequence[float]]
PARTS = {
    "embedding the question": "indexer.embedding.minilm.MiniLmEmbedder.embed_queries",
    "nearest vectors": "indexer.search.nearest._nearest",
    "words in texts": "indexer.search.followed_words.FollowedWords.match",
    "words in names": "indexer.store.fulltext.match_videos",
    "reading names": "indexer.search.names.names_of",
    "letters of names": "indexer.store.fulltext.match_video_trigrams",
    "counting words": "indexer.store.fulltext.document_frequencies",
    "spelling": "indexer.search.questions.correct_question",
    "rows to segments": "indexer.store.embeddings.resolve",
    "rows of segments": "indexer.store.embeddings.resolve_texts_of",
    "reading candidates": "indexer.search.candidates.spans_of",
    "spoken and shown words": "indexer.store.cues.match_cues",
    "loading hits": "indexer.store.hits.hits_of",
}


def timed(search: Callable[[str], object], queries: Sequence[str]) -> Times:
    """Milliseconds of each query, of the whole (`search`) and of each part, summed where it is called twice. The first
    query is asked once more before."""
    times: dict[str, list[float]] = defaultdict(list)
    with ExitStack() as stack:
        spent: dict[str, float] = defaultdict(float)
        for name, place in PARTS.items():
            stack.enter_context(_measured(place, name, spent))
        for query in [queries[0], *queries]:
            spent.clear()
            began = time.perf_counter()
            search(query)
            times["search"].append((time.perf_counter() - began) * 1000)
            for name in PARTS:
                times[name].append(spent[name])
    return {name: taken[1:] for name, taken in times.items()}


def table(times: Times) -> list[str]:
    lines = [f"{'':<26}{'p50 ms':>8}{'p99 ms':>8}"]
    for name, taken in times.items():
        lines.append(f"{name:<26}" + "".join(f"{np.percentile(taken, share):8.1f}" for share in (50, 99)))
    return lines


@contextmanager
def _measured(place: str, name: str, spent: dict[str, float]) -> Iterator[None]:
    """Wraps what stands at `place`, for as long as this lasts, in a clock."""
    owner, _, function = place.rpartition(".")
    holder = pkgutil.resolve_name(owner)
    original: Callable[..., Any] = getattr(holder, function)

    def clocked(*given: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return original(*given, **named)
        finally:
            spent[name] += (time.perf_counter() - began) * 1000

    setattr(holder, function, clocked)
    try:
        yield
    finally:
        setattr(holder, function, original)
