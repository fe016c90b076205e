"""Finds cuts, fades and dissolves by comparing small pictures. No training, no model.

A hard cut is a step that stands out from the steps on both sides of it (so movement does not count) and after which
the picture before it does not return (so a flash does not). Gradual edits: see `gradual`.
"""

from collections.abc import Iterable, Iterator

from indexer.domain import Cut, Frame, Recipe
from indexer.segmentation.gradual import GradualEdits
from indexer.segmentation.sketch import SIZE, difference, sketches
from indexer.segmentation.views import View, views

_RETURN = 6  # sketches within which a flash is over


class ContentDetector:
    """`ratio`: how many times the steps around it a cut must be; `least`: the smallest step that may be one, 0..255."""

    def __init__(self, *, ratio: float = 5.0, least: float = 10.0) -> None:
        self._ratio = ratio
        self._least = least

    @property
    def recipe(self) -> Recipe:
        return Recipe(f"content/1 ratio={self._ratio:g} least={self._least:g}")

    @property
    def size(self) -> tuple[int, int]:
        return SIZE

    def detect(self, frames: Iterable[Frame]) -> Iterator[Cut]:
        """Memory is constant. A hard cut comes out when ten later frames have been seen (at over 40 frames a second,
        as many as make 0.25 s or more), a gradual edit 0.3 s after its end, or after 4 s of empty pictures."""
        gradual = GradualEdits()
        for view in views(sketches(frames)):
            cut = self._cut_at(view)
            yield from gradual.advance(view) if cut is None else gradual.cut(cut)
        yield from gradual.finish()

    def _cut_at(self, view: View) -> Cut | None:
        threshold = max(self._least, self._ratio * view.usual_step)
        if view.step <= threshold or not view.is_peak or _returns(view):
            return None
        t_us = view.sketch.change_us
        return Cut(t_us, t_us, "cut", 1 - threshold / view.step / 2)


def _returns(view: View) -> bool:
    """Whether a picture from before is back shortly after: a flash, something passing the lens, a damaged frame."""
    before, after = view.before[::-1], [view.sketch, *view.after]
    pairs = [(back, gap - back) for gap in range(1, _RETURN) for back in range(gap + 1)]
    return any(
        difference(before[back], after[ahead]) < view.step / 2
        for back, ahead in pairs
        if back < len(before) and ahead < len(after)
    )
