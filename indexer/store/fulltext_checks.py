"""Whether full text holds the words it is made from. On PostgreSQL it is an index over them, which the server keeps."""

from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from indexer.errors import LibraryError
from indexer.store.row_lists import is_sqlite

_TABLES = {
    "segment_text_fts": "SELECT segment_row, tokens FROM segment_text",
    "video_text_fts": "SELECT video_row, title, file_names, tags, fields FROM video_text",
    "video_trigram_fts": "SELECT video_row, trigrams FROM video_text",
    "cue_fts": "SELECT row, tokens FROM cue",
    "word_fts": "SELECT 2 * segment_row, words FROM segment_text "
    "UNION ALL SELECT 2 * video_row + 1, words FROM video_text "
    "UNION ALL SELECT -row, words FROM cue",
}
_UNPLACED = "word_fts"  # knows which texts hold a word, and not where in them
_MODULUS = 1_000_003

Sums = tuple[int, int, int]


FULL_TEXT = tuple(_TABLES)
"""The names of the full-text tables, of which each is checked in a transaction of its own: a broken one spoils it."""


def wrong_full_text(tx: Session, table: str) -> str | None:
    """What is wrong with a full-text table.

    Of each word its places are counted and summed up, once as full text has them and once from the texts themselves;
    so memory is that of the vocabulary. FTS5's own check would have to write.
    """
    return _difference(tx, table, _TABLES[table]) if is_sqlite(tx) else None


def rebuild_full_text(tx: Session) -> None:
    """Make full text anew from the texts. On PostgreSQL, where the server keeps it in step, nothing.

    Raises `LibraryError` where too little is left of it.
    """
    if is_sqlite(tx):
        try:
            _rebuild(tx)
        except DatabaseError as error:
            message = "full text cannot be made anew; put back a copy of library.db from a backup"
            raise LibraryError(f"{message} ({error.orig})") from error


def _rebuild(tx: Session) -> None:
    for name, content in _TABLES.items():
        if name == _UNPLACED:
            tx.execute(text(f"INSERT INTO {name}({name}) VALUES ('delete-all')"))
            tx.execute(text(f"INSERT INTO {name}(rowid, words) {content}"))
        else:
            tx.execute(text(f"INSERT INTO {name}({name}) VALUES ('rebuild')"))


def _difference(tx: Session, name: str, content: str) -> str | None:
    expected = _summed(tx, name, content)
    try:
        for term, *sums in _indexed(tx, name):
            if expected.pop(term, None) != tuple(sums):
                return f"it is not as the texts are, at the word {term!r}"
    except DatabaseError as error:
        return f"it cannot be read: {error.orig}"
    return f"it lacks the word {next(iter(expected))!r}" if expected else None


def _indexed(tx: Session, name: str) -> Sequence[tuple[str, int, int, int]]:
    """(word, its places, their sums), of a table that goes with the transaction."""
    tx.execute(
        text(f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{name}_places USING fts5vocab('main', '{name}', 'instance')")
    )
    row = f"((doc % {_MODULUS} + {_MODULUS}) % {_MODULUS})"  # SQLite keeps the sign of a row, Python does not
    query = text(
        f'SELECT term, count(*), sum({row}), sum({row} * (coalesce("offset", 0) + 1) % {_MODULUS}) '
        f"FROM temp.{name}_places GROUP BY term"
    )
    return tx.execute(query).all()


def _summed(tx: Session, name: str, content: str) -> dict[str, Sums]:
    sums: dict[str, Sums] = {}
    for row, *columns in tx.execute(text(content).execution_options(yield_per=1000)):
        for place, term in (one for held in columns for one in _placed(name, held.split())):
            count, rows, places = sums.get(term, (0, 0, 0))
            weight = (row % _MODULUS) * (place + 1) % _MODULUS
            sums[term] = (count + 1, rows + row % _MODULUS, places + weight)
    return sums


def _placed(name: str, terms: list[str]) -> Iterable[tuple[int, str]]:
    return ((0, term) for term in set(terms)) if name == _UNPLACED else enumerate(terms)
