"""What was typed, understood: nothing here reads a library, and every text parses."""

from indexer.search.query.parsing import parse
from indexer.search.query.remarks import remark_on
from indexer.search.query.shapes import Question, SearchQuery, Step

__all__ = ["Question", "SearchQuery", "Step", "parse", "remark_on"]
