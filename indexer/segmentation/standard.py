"""The shot detector that is used where no other is asked for: measures of small pictures, and a small network.

Hard cuts, dissolves, fades, wipes and slides, at a fraction of the cost of decoding. Flashes, camera movement, things
that pass the lens, titles and flicker were in its training as what is no edit.
"""

from collections.abc import Iterable, Iterator

from indexer.domain import Cut, Frame, Recipe
from indexer.segmentation.edits import Thresholds, edits
from indexer.segmentation.network import Network, packaged
from indexer.segmentation.scoring import score
from indexer.segmentation.small_pictures import SIZE


class StandardDetector:
    def __init__(self, network: Network | None = None, *, thresholds: Thresholds | None = None) -> None:
        self._network = network or packaged()
        self._thresholds = thresholds or Thresholds()

    @property
    def recipe(self) -> Recipe:
        return Recipe(f"standard/1 weights={self._network.name} thresholds={self._thresholds}")

    @property
    def size(self) -> tuple[int, int]:
        return SIZE

    def detect(self, frames: Iterable[Frame]) -> Iterator[Cut]:
        """Memory is constant. A cut comes out when 450 later frames at most have been seen (above 37 a second, only as
        many as make 18 to 37 a second count), a fade into nothing up to five seconds later; or at the end."""
        return edits(score(frames, self._network), self._thresholds)
