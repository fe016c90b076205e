"""Search by words, over texts as `words` has analysed them: FTS5 on SQLite, arrays with GIN on PostgreSQL.

Both hold the same tokens, find the same members and rank them by the same formula, BM25 as FTS5 has it.
"""

import math
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from indexer.store import fulltext_postgres, fulltext_sqlite, words
from indexer.store.active_segments import of_active
from indexer.store.row_lists import is_sqlite, rows_in
from indexer.store.tables import SegmentTable, SegmentTextTable, VideoTextTable

Corpus = Literal["segment_tokens", "video_tokens", "video_trigrams"]
_CORPUS: dict[str, Corpus] = {"segments": "segment_tokens", "videos": "video_tokens"}
_SATURATION = 2.2  # k1 + 1: what a word found many times in a short text tends to


def match_segments(
    tx: Session, stems: Sequence[str], *, limit: int, allowed: NDArray[np.int64] | None
) -> list[tuple[int, float]]:
    """The best segments whose text holds any of `stems`: (segment row, BM25 score above 0), best first, ties by row.

    With `allowed` (sorted rows), only these; every match is ranked all the same, so it saves nothing.
    """
    return _matched(tx, "segment_tokens", stems, limit=limit, allowed=allowed)


def match_videos(tx: Session, stems: Sequence[str], *, limit: int) -> list[tuple[int, float]]:
    """As `match_segments`, over the titles, file names and fields of videos: (video row, score)."""
    return _matched(tx, "video_tokens", stems, limit=limit, allowed=None)


def match_video_trigrams(tx: Session, text: str, *, limit: int) -> list[tuple[int, float]]:
    """The videos whose names look most like `text`, letter by letter: (video row, share in 0..1), best first.

    1 means: every three letters of `text`, saturated. Three letters that occur nowhere make the rest less sure.
    """
    grams = list(dict.fromkeys(words.trigrams(text)))
    found = _matched(tx, "video_trigrams", grams, limit=limit, allowed=None)
    if not found:
        return []
    known = _frequencies(tx, "video_trigrams", grams)
    videos = document_count(tx, of="videos")
    top = _SATURATION * sum(
        max(1e-6, math.log((videos - known.get(gram, 0) + 0.5) / (known.get(gram, 0) + 0.5))) for gram in grams
    )
    return [(row, min(1.0, score / top)) for row, score in found]


def phrase_segments(tx: Session, phrase: str) -> NDArray[np.int64]:
    """Rows (sorted) of segments that hold the phrase, word for word in stems, or whose video's names and fields do."""
    return _holding(tx, [token.stem for token in words.tokens(phrase)])


def made_anew(tx: Session) -> AbstractContextManager[None]:
    """What to change many texts of segments in: their full text follows at the end, or one by one where that is as
    fast. When it is left by an exception the transaction must not be committed."""
    return fulltext_sqlite.made_anew(tx) if is_sqlite(tx) else nullcontext()


def document_frequencies(tx: Session, stems: Sequence[str], *, of: Literal["segments", "videos"]) -> dict[str, int]:
    """In how many texts each stem occurs; stems that occur in none are left out."""
    return _frequencies(tx, _CORPUS[of], stems)


def document_count(tx: Session, *, of: Literal["segments", "videos"]) -> int:
    table = SegmentTextTable if of == "segments" else VideoTextTable
    return tx.execute(select(func.count()).select_from(table)).scalar_one()


def known_words(tx: Session, words: Iterable[str]) -> dict[str, int]:
    """In how many texts of segments and of videos each folded word occurs as it stands; the others are left out."""
    asked = _distinct(words)
    if is_sqlite(tx):
        return fulltext_sqlite.frequencies(tx, "words", asked)
    return fulltext_postgres.word_frequencies(tx, asked)


def _matched(
    tx: Session, corpus: Corpus, tokens: Sequence[str], *, limit: int, allowed: NDArray[np.int64] | None
) -> list[tuple[int, float]]:
    asked = _distinct(tokens)
    if not asked:
        return []
    rows = None if allowed is None else allowed.tolist()
    matched = fulltext_sqlite.matched if is_sqlite(tx) else fulltext_postgres.matched
    return matched(tx, corpus, asked, limit=limit, allowed=rows)


def _holding(tx: Session, stems: Sequence[str]) -> NDArray[np.int64]:
    if not stems:
        return np.empty(0, np.int64)
    phrase_rows = fulltext_sqlite.phrase_rows if is_sqlite(tx) else fulltext_postgres.phrase_rows
    rows = set(phrase_rows(tx, "segment_tokens", stems))
    if videos := phrase_rows(tx, "video_tokens", stems):
        query = of_active(select(SegmentTable.row), SegmentTable.video_row.in_(rows_in(tx, videos)))
        rows.update(tx.execute(query).scalars())
    return np.array(sorted(rows), np.int64)


def _frequencies(tx: Session, corpus: Corpus, tokens: Iterable[str]) -> dict[str, int]:
    frequencies = fulltext_sqlite.frequencies if is_sqlite(tx) else fulltext_postgres.frequencies
    return frequencies(tx, corpus, _distinct(tokens))


def _distinct(tokens: Iterable[str]) -> list[str]:
    """Each once; what could not have come out of the analyser (a space, a quotation mark) is found nowhere."""
    return [token for token in dict.fromkeys(tokens) if token and words.is_token(token)]
