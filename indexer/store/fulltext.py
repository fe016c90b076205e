"""Search by words, over texts as `words` has analysed them: FTS5 on SQLite, arrays with GIN on PostgreSQL.

Both hold the same tokens, find the same members and rank them by the same formula, BM25 as FTS5 has it.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer.store import bm25, cues, fulltext_postgres, fulltext_sqlite, words
from indexer.store.active_segments import of_active
from indexer.store.gathering import each_once, gather_rows
from indexer.store.import_tables import CueTable
from indexer.store.row_lists import is_sqlite, rows_in
from indexer.store.tables import SegmentTable, SegmentTextTable, VideoTextTable

Corpus = Literal["segment_tokens", "video_tokens", "video_trigrams", "cue_tokens"]
Kind = Literal["segments", "videos", "cues"]
_CORPUS: dict[Kind, Corpus] = {"segments": "segment_tokens", "videos": "video_tokens", "cues": "cue_tokens"}
_TABLES = {"segments": SegmentTextTable, "videos": VideoTextTable, "cues": CueTable}
_MANY = 2_000  # videos
_NAMED, _NAMED_BY_LETTERS = 20_000, 5_000  # matching names that are ranked, so that neither takes 10 ms
_FEW = 2_000  # rows of which each is ranked by itself sooner than full text ranks all that match


def match_segments(
    tx: Session, stems: Sequence[str], *, limit: int, allowed: NDArray[np.int64] | None
) -> list[tuple[int, float]]:
    """The best segments whose text holds any of `stems`: (segment row, BM25 score above 0), best first, ties by row.

    With `allowed` (sorted rows), only these. Where they are few they are ranked one by one, whatever else matches;
    where they are many every match is ranked, so that these save nothing.
    """
    if allowed is not None and len(allowed) <= _FEW:
        return _ranked_one_by_one(tx, stems, limit=limit, rows=allowed)
    return _matched(tx, "segment_tokens", stems, limit=limit, allowed=allowed)


def match_videos(tx: Session, stems: Sequence[str], *, limit: int) -> list[tuple[int, float]]:
    """As `match_segments`, over the titles, file names and fields of videos: (video row, score). By the rarest words
    alone where many names hold the others."""
    known = telling(_frequencies(tx, "video_tokens", stems), document_count(tx, of="videos"))
    return _matched(tx, "video_tokens", bm25.rarest_within(_NAMED, known), limit=limit, allowed=None)


def match_video_trigrams(tx: Session, text: str, *, limit: int) -> list[tuple[int, float]]:
    """The videos whose names look most like `text`, letter by letter: (video row, share in 0..1), best first.

    1 means: every three letters of `text`, saturated. Three letters that occur nowhere make the rest less sure; those
    that many names hold are left out where there are rarer ones.
    """
    grams = list(dict.fromkeys(words.trigrams(text)))
    known = _frequencies(tx, "video_trigrams", grams)
    videos = document_count(tx, of="videos")
    asked = bm25.rarest_within(_NAMED_BY_LETTERS, telling(known, videos))
    found = _matched(tx, "video_trigrams", asked, limit=limit, allowed=None)
    if not found:
        return []
    top = bm25.SATURATION * sum(bm25.idf(known.get(gram, 0), videos) for gram in grams)
    return [(row, min(1.0, score / top)) for row, score in found]


def phrase_segments(tx: Session, phrase: str) -> NDArray[np.int64]:
    """Rows (sorted) of segments that hold the phrase, word for word in stems, in their text or in a line spoken or seen
    in them, or whose video's names and fields do.

    A phrase that is a date finds it in any form.
    """
    return _holding(tx, words.phrase_stems(phrase))


def phrase_videos(tx: Session, phrase: str) -> list[int]:
    """Rows of videos whose names and fields hold the phrase."""
    stems = words.phrase_stems(phrase)
    phrase_rows = fulltext_sqlite.phrase_rows if is_sqlite(tx) else fulltext_postgres.phrase_rows
    return list(phrase_rows(tx, "video_tokens", stems)) if stems else []


def made_anew(tx: Session) -> AbstractContextManager[None]:
    """What to change many texts of segments in: their full text follows at the end, or one by one where that is as
    fast. When it is left by an exception the transaction must not be committed."""
    return fulltext_sqlite.made_anew(tx) if is_sqlite(tx) else nullcontext()


def document_frequencies(tx: Session, stems: Sequence[str], *, of: Kind) -> dict[str, int]:
    """In how many texts each stem occurs; stems that occur in none are left out."""
    return _frequencies(tx, _CORPUS[of], stems)


def mean_title_length(tx: Session) -> float:
    """In tokens, at least 1."""
    return next(iter(_mean_lengths(tx, "video_tokens")), 1.0)


def document_count(tx: Session, *, of: Kind) -> int:
    """How many texts there are, as they were when this transaction began; on PostgreSQL about how many, where they are
    more than a hundred thousand."""
    if not is_sqlite(tx):
        return fulltext_postgres.document_count(tx, _TABLES[of].__tablename__)
    return fulltext_sqlite.document_count(tx, _CORPUS[of])


def known_words(tx: Session, words: Iterable[str]) -> dict[str, int]:
    """In how many texts of segments and of videos each folded word occurs as it stands; the others are left out."""
    asked = _distinct(words)
    if is_sqlite(tx):
        return fulltext_sqlite.frequencies(tx, "words", asked)
    return fulltext_postgres.word_frequencies(tx, asked)


def telling(found_in: Mapping[str, int], videos: int) -> dict[str, int]:
    """{token: videos it is found in} without those that most of many names hold (`video`, of `video 0431`): they weigh
    nothing, and ranking by them takes longer than all the rest."""
    return {token: found for token, found in found_in.items() if videos <= _MANY or 2 * found <= videos}


def _matched(
    tx: Session, corpus: Corpus, tokens: Sequence[str], *, limit: int, allowed: NDArray[np.int64] | None
) -> list[tuple[int, float]]:
    asked = _distinct(tokens)
    if not asked:
        return []
    rows = None if allowed is None else allowed.tolist()
    matched = fulltext_sqlite.matched if is_sqlite(tx) else fulltext_postgres.matched
    return matched(tx, corpus, asked, limit=limit, allowed=rows)


def _ranked_one_by_one(
    tx: Session, stems: Sequence[str], *, limit: int, rows: NDArray[np.int64]
) -> list[tuple[int, float]]:
    asked = _distinct(stems)
    if not asked or not len(rows):
        return []
    known, texts = _frequencies(tx, "segment_tokens", asked), document_count(tx, of="segments")
    query = select(SegmentTextTable.segment_row, SegmentTextTable.tokens).where(
        SegmentTextTable.segment_row.in_(rows_in(tx, rows.tolist()))
    )
    weights = {stem: bm25.idf(known[stem], texts) for stem in asked if stem in known}
    length = next(iter(_mean_lengths(tx, "segment_tokens")), 1.0)
    found = ((row, tokens) for row, tokens in tx.execute(query))
    return bm25.ranked(found, weights, mean_length=length, limit=limit)


def _holding(tx: Session, stems: Sequence[str]) -> NDArray[np.int64]:
    if not stems:
        return np.empty(0, np.int64)
    phrase_rows = fulltext_sqlite.phrase_rows if is_sqlite(tx) else fulltext_postgres.phrase_rows
    found = [np.array(phrase_rows(tx, "segment_tokens", stems), np.int64), cues.segments_with_phrase(tx, stems)]
    if videos := phrase_rows(tx, "video_tokens", stems):
        found.append(
            gather_rows(tx, of_active(select(SegmentTable.row), SegmentTable.video_row.in_(rows_in(tx, videos))))
        )
    return each_once(np.concatenate(found))


def _frequencies(tx: Session, corpus: Corpus, tokens: Iterable[str]) -> dict[str, int]:
    frequencies = fulltext_sqlite.frequencies if is_sqlite(tx) else fulltext_postgres.frequencies
    return frequencies(tx, corpus, _distinct(tokens))


def _mean_lengths(tx: Session, corpus: Corpus) -> list[float]:
    """Of each column; may be empty where there is no text."""
    mean_lengths = fulltext_sqlite.mean_lengths if is_sqlite(tx) else fulltext_postgres.mean_lengths
    return mean_lengths(tx, corpus)


def _distinct(tokens: Iterable[str]) -> list[str]:
    """Each once; what could not have come out of the analyser (a space, a quotation mark) is found nowhere."""
    return [token for token in dict.fromkeys(tokens) if token and words.is_token(token)]
