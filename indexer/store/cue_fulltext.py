"""BM25 over lines of speech and of text in the picture, on both databases: as `fulltext`, of one kind of line."""

import json
from collections.abc import Sequence

from sqlalchemy import ARRAY, BigInteger, Text, bindparam, text
from sqlalchemy.orm import Session

from indexer.store.row_lists import is_sqlite


def matched(
    tx: Session, tokens: Sequence[str], *, kind: str, limit: int, among: Sequence[int] | None
) -> list[tuple[int, float]]:
    """(cue row, BM25) of the best lines of a kind that hold any token, ties by row; of the rows `among`, where given.

    Tokens are of the analyser: see `words.is_token`.
    """
    if not tokens:
        return []
    matched_here = _matched_in_sqlite if is_sqlite(tx) else _matched_in_postgres
    return matched_here(tx, tokens, kind=kind, limit=limit, among=among)


def phrase_rows(tx: Session, tokens: Sequence[str]) -> list[int]:
    """Rows of the lines, of any kind, that hold the tokens one after another."""
    if is_sqlite(tx):
        query = text("SELECT rowid FROM cue_fts WHERE cue_fts MATCH :query")
        return list(tx.execute(query, {"query": f'"{" ".join(tokens)}"'}).scalars())
    held = text(
        "SELECT row FROM cue WHERE string_to_array(tokens, ' ') @> :tokens AND ' ' || tokens || ' ' LIKE :phrase"
    ).bindparams(bindparam("tokens", type_=ARRAY(Text)))
    return list(tx.execute(held, {"tokens": list(tokens), "phrase": f"% {' '.join(tokens)} %"}).scalars())


def _matched_in_sqlite(
    tx: Session, tokens: Sequence[str], *, kind: str, limit: int, among: Sequence[int] | None
) -> list[tuple[int, float]]:
    passing = "" if among is None else "AND +cue_fts.rowid IN (SELECT value FROM json_each(:among))"
    query = text(
        "SELECT cue_fts.rowid, -bm25(cue_fts) AS score FROM cue_fts CROSS JOIN cue ON cue.row = cue_fts.rowid "
        f"WHERE cue_fts MATCH :query AND cue.kind = :kind {passing} ORDER BY score DESC, cue_fts.rowid LIMIT :limit"
    )
    values: dict[str, object] = {
        "query": " OR ".join(f'"{token}"' for token in tokens),
        "kind": kind,
        "limit": limit,
    }
    if among is not None:
        values["among"] = json.dumps(list(among))
    return [(row, float(score)) for row, score in tx.execute(query, values)]


def _matched_in_postgres(
    tx: Session, tokens: Sequence[str], *, kind: str, limit: int, among: Sequence[int] | None
) -> list[tuple[int, float]]:
    terms = "string_to_array(cue.tokens, ' ')"
    query = text(
        f"""
        WITH size AS (
            SELECT count(*)::float AS texts, greatest(avg(cardinality({terms})), 1)::float AS length FROM cue
        ), found AS (
            SELECT asked.token, cue.row, cue.kind, cardinality({terms})::float AS length,
                   cardinality(array_positions({terms}, asked.token))::float AS times
            FROM unnest(:tokens) AS asked(token) JOIN cue ON {terms} @> ARRAY[asked.token]
        ), weight AS (
            SELECT token, greatest(1e-6, ln((texts - count(*) + 0.5) / (count(*) + 0.5))) AS idf
            FROM found, size GROUP BY token, texts
        )
        SELECT found.row,
               sum(idf * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * found.length / size.length))) AS score
        FROM found JOIN weight USING (token), size
        WHERE found.kind = :kind AND (:everywhere OR found.row = ANY(:among))
        GROUP BY found.row ORDER BY score DESC, found.row LIMIT :limit
        """
    ).bindparams(bindparam("tokens", type_=ARRAY(Text)), bindparam("among", type_=ARRAY(BigInteger)))
    values = {"tokens": list(tokens), "kind": kind, "limit": limit, "among": list(among or ())}
    return [(row, float(score)) for row, score in tx.execute(query, values | {"everywhere": among is None})]
