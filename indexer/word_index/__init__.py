"""Indexes of words: which stored texts hold the words of a query best, by BM25. They know int64 rows and stems; the
store knows what a row is and how a text becomes stems."""

from indexer.word_index.building import build
from indexer.word_index.index import WordIndex
from indexer.word_index.rows import Mask, Rows
from indexer.word_index.saved import load, save

__all__ = ["Mask", "Rows", "WordIndex", "build", "load", "save"]
