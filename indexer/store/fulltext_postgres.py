"""Tokens as arrays, found by GIN; BM25 in SQL with the constants and the idf of FTS5 (k1 1.2, b 0.75)."""

from collections.abc import Sequence

from sqlalchemy import ARRAY, BigInteger, Text, bindparam, text
from sqlalchemy.orm import Session

_PARTS = {
    "segment_tokens": ("segment_text", "segment_row", ["tokens"]),
    "video_tokens": ("video_text", "video_row", ["title", "file_names", "tags", "fields"]),
    "video_trigrams": ("video_text", "video_row", ["trigrams"]),
    "cue_tokens": ("cue", "row", ["tokens"]),
}
_COLUMNS = {  # of several columns one text, as the indexes have it: no phrase runs from one into the next
    corpus: (table, row, " || ' ‖ ' || ".join(f"{table}.{column}" for column in columns))
    for corpus, (table, row, columns) in _PARTS.items()
}
_MEASURED = 10_000  # texts by which the mean length of all is known well enough: reading all takes a second a million
_COUNTED = 100_000  # texts beyond which the server's own estimate is as good
_TOKENS = bindparam("tokens", type_=ARRAY(Text))


def matched(
    tx: Session, corpus: str, tokens: Sequence[str], *, limit: int, allowed: Sequence[int] | None
) -> list[tuple[int, float]]:
    """(row, BM25) of the best texts that hold any token."""
    table, row, column = _COLUMNS[corpus]
    terms = f"string_to_array({column}, ' ')"
    among = "" if allowed is None else "WHERE found.row = ANY(:allowed)"
    query = text(
        f"""
        WITH size AS (
            SELECT CAST(:texts AS float) AS texts, greatest(avg(cardinality({terms})), 1)::float AS length
            FROM (SELECT * FROM {table} LIMIT {_MEASURED}) AS {table}
        ), found AS (
            SELECT asked.token, {table}.{row} AS row, cardinality({terms})::float AS length,
                   cardinality(array_positions({terms}, asked.token))::float AS times
            FROM unnest(:tokens) AS asked(token) JOIN {table} ON {terms} @> ARRAY[asked.token]
        ), weight AS (
            SELECT token, greatest(1e-6, ln((greatest(texts, count(*)) - count(*) + 0.5) / (count(*) + 0.5))) AS idf
            FROM found, size GROUP BY token, texts
        )
        SELECT found.row,
               sum(idf * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * found.length / size.length))) AS score
        FROM found JOIN weight USING (token), size {among}
        GROUP BY found.row ORDER BY score DESC, found.row LIMIT :limit
        """
    ).bindparams(_TOKENS)
    values: dict[str, object] = {"tokens": list(tokens), "limit": limit, "texts": document_count(tx, table)}
    if allowed is not None:
        query = query.bindparams(bindparam("allowed", type_=ARRAY(BigInteger)))
        values["allowed"] = list(allowed)
    return [(found, float(score)) for found, score in tx.execute(query, values)]


def document_count(tx: Session, table: str) -> int:
    """How many rows a table has: about, where there are many, as counting them takes longer than a search."""
    query = text(
        f"SELECT CASE WHEN reltuples > {_COUNTED} THEN reltuples::bigint ELSE (SELECT count(*) FROM {table}) END "
        "FROM pg_class WHERE oid = CAST(:name AS regclass)"
    )
    return int(tx.execute(query, {"name": table}).scalar_one())


def mean_lengths(tx: Session, corpus: str) -> list[float]:
    """The mean number of tokens of each column of a corpus, at least 1."""
    table, _, columns = _PARTS[corpus]
    means = ", ".join(f"avg(cardinality(string_to_array({column}, ' ')))" for column in columns)
    query = f"SELECT {means} FROM (SELECT {', '.join(columns)} FROM {table} LIMIT {_MEASURED}) AS measured"
    return [max(1.0, float(mean or 0)) for mean in tx.execute(text(query)).one()]


def phrase_rows(tx: Session, corpus: str, tokens: Sequence[str]) -> list[int]:
    """Rows of the texts that hold the tokens one after another. Tokens hold no LIKE wildcard."""
    table, row, column = _COLUMNS[corpus]
    query = text(
        f"SELECT {row} FROM {table} WHERE string_to_array({column}, ' ') @> :tokens "
        f"AND ' ' || ({column}) || ' ' LIKE :phrase"
    ).bindparams(_TOKENS)
    found = tx.execute(query, {"tokens": list(tokens), "phrase": f"% {' '.join(tokens)} %"})
    return list(found.scalars())


def frequencies(tx: Session, corpus: str, tokens: Sequence[str]) -> dict[str, int]:
    """{token: texts that hold it}."""
    table, _, column = _COLUMNS[corpus]
    query = text(
        f"SELECT asked.token, count(*) FROM unnest(:tokens) AS asked(token) "
        f"JOIN {table} ON string_to_array({column}, ' ') @> ARRAY[asked.token] GROUP BY asked.token"
    ).bindparams(_TOKENS)
    return dict(tx.execute(query, {"tokens": list(tokens)}).all())


def word_frequencies(tx: Session, words: Sequence[str]) -> dict[str, int]:
    """{folded word: texts of segments and of videos that hold it}."""
    query = text(
        """
        SELECT token, sum(count)::bigint FROM (
            SELECT asked.token, count(*) AS count FROM unnest(:tokens) AS asked(token)
            JOIN segment_text ON string_to_array(words, ' ') @> ARRAY[asked.token] GROUP BY asked.token
            UNION ALL
            SELECT asked.token, count(*) AS count FROM unnest(:tokens) AS asked(token)
            JOIN video_text ON string_to_array(words, ' ') @> ARRAY[asked.token] GROUP BY asked.token
            UNION ALL
            SELECT asked.token, count(*) AS count FROM unnest(:tokens) AS asked(token)
            JOIN cue ON string_to_array(words, ' ') @> ARRAY[asked.token] GROUP BY asked.token
        ) AS counted GROUP BY token
        """
    ).bindparams(_TOKENS)
    return dict(tx.execute(query, {"tokens": list(words)}).all())
