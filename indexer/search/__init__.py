"""The reading side: from what was typed to ranked moments with their evidence."""

from indexer.search.query import SearchQuery, parse
from indexer.search.searcher import Searcher

__all__ = ["SearchQuery", "Searcher", "parse"]
