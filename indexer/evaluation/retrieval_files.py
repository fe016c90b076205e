"""Files of questions with their right answers: JSON lines, or TREC judgements beside a table of queries."""

import gzip
import io
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TextIO

from indexer.domain import path_text
from indexer.errors import UsageError
from indexer.evaluation.retrieval import Answer, Asked


def read_asked(qrels: Path, *, queries: Path | None = None) -> list[Asked]:
    """The questions of `qrels`, in its order.

    JSON lines hold `id`, `query` (or `text`) and `gold`: a list of `video` (or `identifier`) with perhaps `start` and
    `end` in seconds. TREC judgements are lines of `ID 0 VIDEO RELEVANCE`. What is asked may stand in `queries` instead:
    JSON lines of `id` and `query`, or lines of ID, tab, query. Each may be gzipped. Raises `UsageError`, with the line.
    """
    texts = _read_queries(queries) if queries else {}
    lines = list(_lines(qrels))
    if not lines:
        raise UsageError(f"there is nothing in {path_text(qrels)}")
    gold = _json_gold(qrels, lines, texts) if lines[0][1].startswith("{") else _trec_gold(qrels, lines)
    untold = [one for one in gold if one not in texts]
    if untold:
        where = f"{path_text(queries)} does not say" if queries else "say with --queries FILE"
        raise UsageError(f"{where} what is asked by {len(untold):,} of {len(gold):,} queries, such as {untold[0]!r}")
    return [Asked(one, texts[one], tuple(right)) for one, right in gold.items()]


def _json_gold(path: Path, lines: list[tuple[int, str]], texts: dict[str, str]) -> dict[str, list[Answer]]:
    """Texts that stand beside the answers are noted in `texts`, where nothing else is said of them."""
    gold: dict[str, list[Answer]] = {}
    for number, line in lines:
        entry = _object(path, number, line)
        identity = _id(path, number, entry)
        if identity in gold:
            raise _wrong(path, number, f"the id {identity!r} was there before")
        right = entry.get("gold")
        if not isinstance(right, list):
            raise _wrong(path, number, 'there is no list "gold"; an empty one says that nothing answers the query')
        gold[identity] = [_answer(path, number, one) for one in right]
        text = _text(entry)
        if text is not None:
            texts.setdefault(identity, text)
    return gold


def _trec_gold(path: Path, lines: list[tuple[int, str]]) -> dict[str, list[Answer]]:
    gold: dict[str, list[Answer]] = {}
    for number, line in lines:
        columns = line.split()
        if len(columns) != 4 or not columns[3].lstrip("-").isdigit():
            raise _wrong(path, number, "neither a JSON object nor the four columns of TREC: ID 0 VIDEO RELEVANCE")
        right = gold.setdefault(columns[0], [])
        if int(columns[3]) > 0:
            right.append(Answer(columns[2]))
    return gold


def _read_queries(path: Path) -> dict[str, str]:
    texts: dict[str, str] = {}
    for number, line in _lines(path):
        if line.startswith("{"):
            entry = _object(path, number, line)
            text = _text(entry)
            if text is None:
                raise _wrong(path, number, 'there is no text "query"')
            texts[_id(path, number, entry)] = text
        else:
            identity, tab, text = line.partition("\t")
            if not tab:
                raise _wrong(path, number, "neither a JSON object nor an id, a tab and a query")
            texts[identity.strip()] = text.strip()
    return texts


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered from 1, without empty ones."""
    try:
        with _opened(path) as file:
            yield from ((number, line.strip()) for number, line in enumerate(file, 1) if line.strip())
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise UsageError(f"{path_text(path)} cannot be read: {error}") from error


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.GzipFile(path), encoding="utf-8-sig")
    return path.open(encoding="utf-8-sig")


def _object(path: Path, number: int, line: str) -> Mapping[str, object]:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _wrong(path, number, f"no JSON: {error}") from error
    if not isinstance(entry, dict):
        raise _wrong(path, number, "no JSON object")
    return entry


def _id(path: Path, number: int, entry: Mapping[str, object]) -> str:
    identity = entry.get("id")
    if not isinstance(identity, str | int):
        raise _wrong(path, number, 'there is no "id"')
    return str(identity)


def _text(entry: Mapping[str, object]) -> str | None:
    text = entry.get("query", entry.get("text"))
    return text if isinstance(text, str) else None


def _answer(path: Path, number: int, one: object) -> Answer:
    name = (one.get("video") or one.get("identifier")) if isinstance(one, dict) else None
    if not isinstance(one, dict) or not isinstance(name, str | int):
        raise _wrong(path, number, 'each of "gold" is an object with "video" or "identifier"')
    start, end = (_seconds(path, number, one.get(which)) for which in ("start", "end"))
    if (start is None) != (end is None) or (start is not None and end is not None and end < start):
        raise _wrong(path, number, '"start" and "end" are both given, in seconds, or neither is')
    return Answer(str(name), start, end)


def _seconds(path: Path, number: int, value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _wrong(path, number, f'"start" and "end" are seconds, not {value!r}')
    return float(value)


def _wrong(path: Path, number: int, what: str) -> UsageError:
    return UsageError(f"{path_text(path)}, line {number}: {what}")
