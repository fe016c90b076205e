"""How an index of words is made: every token a number, one sort that brings equal ones together, runs counted."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.word_index.index import WordIndex
from indexer.word_index.rows import Rows
from indexer.word_index.vocabulary import Vocabulary

_K1, _B = 1.2, 0.75  # those of full text in the store: a test compares the two
_STEM = 32  # the bit of a key at which the stem's place begins; the document's position stands below


def build(texts: Iterable[tuple[int, str]], *, mean_length: float | None = None) -> WordIndex:
    """An index of (row, tokens joined by spaces), each row once, in any order.

    Impacts are those of Okapi BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
    2009, section 3). With `mean_length` (tokens) lengths are measured by it and not by the mean of these texts, so that
    scores can be compared with those of another index. Raises `ValueError` where a row comes twice.
    """
    tokens = _read(texts)
    own_mean = max(1.0, len(tokens.numbers) / max(1, len(tokens.rows)))
    mean = own_mean if mean_length is None else mean_length
    longer = (_K1 * (1 - _B + _B * tokens.lengths / mean)).astype(np.float32)
    stems = sorted(tokens.numbered)
    keys, impacts = _counted(_keys(tokens, stems))
    starts = np.searchsorted(keys, np.arange(len(stems) + 1) << _STEM)
    positions = (keys & ((1 << _STEM) - 1)).astype(np.int32)
    impacts *= np.float32(_K1 + 1) / (impacts + longer[positions])
    return WordIndex(tokens.rows, Vocabulary.of(stems), starts, positions, impacts, mean)


@dataclass(frozen=True, slots=True, eq=False)
class _Tokens:
    """The row and the length of each text, by row, and all tokens one after another: each by a number, and by the
    position of its text."""

    rows: Rows
    lengths: NDArray[np.int32]
    numbers: NDArray[np.int32]
    positions: NDArray[np.int64]
    numbered: Mapping[str, int]


def _read(texts: Iterable[tuple[int, str]]) -> _Tokens:
    numbered: defaultdict[str, int] = defaultdict()
    numbered.default_factory = numbered.__len__  # a token that is new gets the next number
    listed_rows, listed_lengths, listed_numbers = array("q"), array("i"), array("i")
    for row, text in texts:
        tokens = text.split()
        listed_rows.append(row)
        listed_lengths.append(len(tokens))
        listed_numbers.extend(map(numbered.__getitem__, tokens))
    rows, lengths = np.asarray(listed_rows, np.int64), np.asarray(listed_lengths, np.int32)
    order = np.argsort(rows, kind="stable")
    place = np.empty(len(rows), np.int64)
    place[order] = np.arange(len(rows))
    rows = rows[order]
    if (rows[1:] == rows[:-1]).any():
        raise ValueError("an index of words was given one row twice")
    return _Tokens(rows, lengths[order], np.asarray(listed_numbers, np.int32), np.repeat(place, lengths), numbered)


def _keys(tokens: _Tokens, stems: list[str]) -> NDArray[np.int64]:
    """Of every token one number that sorts by stem, then by document."""
    place = np.empty(len(stems), np.int64)
    place[[tokens.numbered[stem] for stem in stems]] = np.arange(len(stems))
    keys: NDArray[np.int64] = place[tokens.numbers]
    keys <<= _STEM
    keys |= tokens.positions
    return keys


def _counted(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The distinct keys, sorted, and how many times each comes. `keys` are sorted in place."""
    keys.sort()
    firsts = np.flatnonzero(np.concatenate([np.ones(min(1, len(keys)), np.bool_), keys[1:] != keys[:-1]]))
    return keys[firsts], np.diff(firsts, append=len(keys)).astype(np.float32)
