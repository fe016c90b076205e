"""What was typed, understood: nothing here reads a library, and every text parses."""

from indexer.search.query.durations import write_duration
from indexer.search.query.parsing import parse
from indexer.search.query.remarks import quoted, remark_on
from indexer.search.query.shapes import Question, SearchQuery, Step
from indexer.search.query.typed_filters import write_filters

__all__ = ["Question", "SearchQuery", "Step", "parse", "quoted", "remark_on", "write_duration", "write_filters"]
