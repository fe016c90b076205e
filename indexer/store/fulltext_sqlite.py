"""FTS5. Its tables hold analysed tokens, so nothing but quoted tokens ever stands in a MATCH."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

_TABLES = {
    "segment_tokens": "segment_text_fts",
    "video_tokens": "video_text_fts",
    "video_trigrams": "video_trigram_fts",
    "cue_tokens": "cue_fts",
    "words": "word_fts",
}


_FREQUENT = 1_000  # texts with a word from which counting them is worth remembering
_ABOUT = 0.01  # by which the number of texts may have changed since
_COUNTED: WeakKeyDictionary[Engine, dict[tuple[str, str], tuple[int, int]]] = WeakKeyDictionary()


def matched(
    tx: Session, corpus: str, tokens: Sequence[str], *, limit: int, allowed: Sequence[int] | None
) -> list[tuple[int, float]]:
    """(row, BM25) of the best texts that hold any token.

    The plus sign keeps SQLite from asking FTS5 once for every allowed row: 19 ms against 5 s over 100,000 rows.
    """
    fts = _TABLES[corpus]
    among = "" if allowed is None else "AND +rowid IN (SELECT value FROM json_each(:allowed))"
    found = tx.execute(
        text(
            f"SELECT rowid, -bm25({fts}) AS score FROM {fts} WHERE {fts} MATCH :query {among} "
            "ORDER BY score DESC, rowid LIMIT :limit"
        ),
        {"query": " OR ".join(map(_quoted, tokens)), "limit": limit}
        | ({} if allowed is None else {"allowed": json.dumps(list(allowed))}),
    )
    return [(row, score) for row, score in found]


def document_count(tx: Session, corpus: str) -> int:
    """How many texts there are, as they were when this transaction began."""
    return _totals(tx, corpus)[0]


def mean_lengths(tx: Session, corpus: str) -> list[float]:
    """The mean number of tokens of each column of a corpus, at least 1."""
    texts, *tokens = _totals(tx, corpus)
    return [max(1.0, one / max(1, texts)) for one in tokens]


def phrase_rows(tx: Session, corpus: str, tokens: Sequence[str]) -> list[int]:
    """Rows of the texts that hold the tokens one after another."""
    fts = _TABLES[corpus]
    found = tx.execute(text(f"SELECT rowid FROM {fts} WHERE {fts} MATCH :query"), {"query": _quoted(" ".join(tokens))})
    return list(found.scalars())


def frequencies(tx: Session, corpus: str, tokens: Sequence[str]) -> dict[str, int]:
    """{token: texts that hold it}.

    FTS5 counts by walking through all of them, some 20 ns each: of the words of a sentence that takes longer than
    anything else in a library of a million. So what was counted of a frequent word is used for as long as the library
    has about as many texts as it had then.
    """
    texts = document_count(tx, corpus)
    counted = _COUNTED.setdefault(tx.get_bind().engine, {})
    found, unknown = {}, []
    for token in tokens:
        count, among = counted.get((corpus, token), (0, 0))
        if among and abs(texts - among) <= _ABOUT * among:
            found[token] = count
        else:
            unknown.append(token)
    fresh = _counted(tx, corpus, unknown) if unknown else {}
    counted |= {(corpus, token): (count, texts) for token, count in fresh.items() if count > _FREQUENT}
    return found | fresh


def _totals(tx: Session, corpus: str) -> list[int]:
    """The number of texts, and that of the tokens of each column. FTS5 keeps them, as its own BM25 needs them: in the
    record 1, each as one of SQLite's varints. Counted anew, a million texts take milliseconds."""
    record = tx.execute(text(f"SELECT block FROM {_TABLES[corpus]}_data WHERE id = 1")).scalar() or b""
    numbers, number = [], 0
    for byte in record:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(number)
            number = 0
    return numbers or [0]


def _counted(tx: Session, corpus: str, tokens: Sequence[str]) -> dict[str, int]:
    """CROSS JOIN makes SQLite look each token up instead of reading all terms."""
    found = tx.execute(
        text(
            f"SELECT term, doc FROM json_each(:tokens) AS asked CROSS JOIN {_TABLES[corpus]}_vocab AS vocabulary "
            "WHERE vocabulary.term = asked.value"
        ),
        {"tokens": json.dumps(list(tokens))},
    )
    return dict(found.all())


@contextmanager
def made_anew(tx: Session) -> Iterator[None]:
    """Change many texts of segments without their full text following one by one; at the end that is built anew.

    A tenth of the time for all of 100,000. The triggers that keep full text in step are away meanwhile; they come back
    in the same transaction, so nobody else ever sees the table without them.
    """
    query = text(
        "SELECT name, sql FROM sqlite_master "
        "WHERE type = 'trigger' AND tbl_name = 'segment_text' AND instr(name, '_fts_segment_text_')"
    )
    triggers = [(str(name), str(sql)) for name, sql in tx.execute(query)]
    for name, _ in triggers:
        tx.execute(text(f'DROP TRIGGER "{name}"'))
    yield
    tx.execute(text("INSERT INTO segment_text_fts(segment_text_fts) VALUES ('rebuild')"))
    tx.execute(text("INSERT INTO word_fts(word_fts) VALUES ('delete-all')"))
    tx.execute(text("INSERT INTO word_fts(rowid, words) SELECT 2 * segment_row, words FROM segment_text"))
    tx.execute(text("INSERT INTO word_fts(rowid, words) SELECT 2 * video_row + 1, words FROM video_text"))
    tx.execute(text("INSERT INTO word_fts(rowid, words) SELECT -row, words FROM cue"))
    for _, sql in triggers:
        tx.connection().exec_driver_sql(sql)


def _quoted(tokens: str) -> str:
    return f'"{tokens}"'
