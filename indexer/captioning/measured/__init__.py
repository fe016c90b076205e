"""The `measured` captioner: what can be measured in the pictures, said in words. No model."""

from indexer.captioning.measured.captioner import MeasuredCaptioner, measure

__all__ = ["MeasuredCaptioner", "measure"]
