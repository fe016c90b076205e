"""The words of a library as they are written in it: folded, unstemmed."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from indexer.store import words
from indexer.store.row_lists import is_sqlite

MOST_TEXTS = 20_000  # of each table, in which PostgreSQL looks for words

_AFTER_ALL = chr(0x10FFFF)


def words_beginning(tx: Session, prefix: str, limit: int) -> dict[str, int]:
    """{word: texts that hold it} of the words that begin with `prefix`, the most frequent first, `limit` at most.

    For `sunris*` in a query: each of up to 30 such words is one to rank by, as if it had been typed; where there is
    none the prefix is an unknown word. A question of nothing but prefixes has no text to embed: take the most frequent
    of these words for it.
    """
    beginning = words.fold(prefix)
    if not words.is_token(beginning):
        return {}
    return (_in_sqlite if is_sqlite(tx) else _in_postgres)(tx, beginning, limit)


def _in_sqlite(tx: Session, beginning: str, limit: int) -> dict[str, int]:
    found = tx.execute(
        text(
            "SELECT term, doc FROM word_fts_vocab WHERE term >= :beginning AND term < :end "
            "ORDER BY doc DESC, term LIMIT :limit"
        ),
        {"beginning": beginning, "end": beginning + _AFTER_ALL, "limit": limit},
    )
    return dict(found.all())


def _in_postgres(tx: Session, beginning: str, limit: int) -> dict[str, int]:
    """An index over words knows which texts hold one that begins so; these tell which. `beginning` is letters and
    digits, so it needs no more than quotes."""
    texts = " UNION ALL ".join(
        f"(SELECT words FROM {table} WHERE array_to_tsvector(string_to_array(words, ' ')) @@ CAST(:query AS tsquery) "
        "LIMIT :most)"
        for table in ("segment_text", "video_text", "cue")
    )
    found = tx.execute(
        text(
            f"SELECT word, count(*) FROM ({texts}) AS found, unnest(string_to_array(words, ' ')) AS word "
            'WHERE starts_with(word, :beginning) GROUP BY word ORDER BY count(*) DESC, word COLLATE "C" LIMIT :limit'
        ),
        {"query": f"'{beginning}':*", "beginning": beginning, "most": MOST_TEXTS, "limit": limit},
    )
    return dict(found.all())
