"""How well captions agree with those that people wrote."""

from indexer.evaluation.captions.caption_files import read_captions
from indexer.evaluation.captions.evaluation import Evaluation, Tally
from indexer.evaluation.captions.lines import CaptionFile, Line, bare_name
from indexer.evaluation.captions.references import Match, Reference, gather, match
from indexer.evaluation.captions.scores import METRICS, RESAMPLES, SEED, Estimate
from indexer.evaluation.captions.tokenizers import TOKENIZERS, TokenizerName

__all__ = [
    "METRICS",
    "RESAMPLES",
    "SEED",
    "TOKENIZERS",
    "CaptionFile",
    "Estimate",
    "Evaluation",
    "Line",
    "Match",
    "Reference",
    "Tally",
    "TokenizerName",
    "bare_name",
    "gather",
    "match",
    "read_captions",
]
