"""Segmentation: where shots begin, which segments they make, and which frame stands for each segment."""

from indexer.errors import ComponentError
from indexer.segmentation.base import ShotDetector
from indexer.segmentation.grouping import group
from indexer.segmentation.keyframes import Candidate, choose_keyframe, choose_keyframes
from indexer.segmentation.measure import FrameTable, Measures, tap
from indexer.segmentation.plan import Plan, plan, scan

__all__ = [
    "Candidate",
    "FrameTable",
    "Measures",
    "Plan",
    "ShotDetector",
    "choose_keyframe",
    "choose_keyframes",
    "group",
    "make_detector",
    "plan",
    "scan",
    "tap",
]


def make_detector(name: str) -> ShotDetector:
    """The shot detector of this name: `content`, or `fixed` for a cut every ten seconds.

    Raises `ComponentError` for any other name.
    """
    match name:
        case "content":
            from indexer.segmentation.content import ContentDetector

            return ContentDetector()
        case "fixed":
            from indexer.segmentation.fixed import FixedDetector

            return FixedDetector()
        case _:
            raise ComponentError(f"there is no shot detector {name!r}; choose content or fixed")
