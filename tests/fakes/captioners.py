"""A captioner that needs neither model nor pictures' meaning: it tells mean brightness and number of frames."""

from collections.abc import Sequence

import numpy as np

from indexer.captioning import Clip, FrameRequest
from indexer.domain import CaptionDraft, Facet, Recipe


class FakeCaptioner:
    """Deterministic: the same clip gets the same words, whatever stands beside it. Give it another version for another
    recipe, so that re-captioning can be tested."""

    def __init__(self, version: int = 1) -> None:
        self._version = version

    @property
    def recipe(self) -> Recipe:
        return Recipe(f"fake/{self._version}")

    @property
    def wants(self) -> FrameRequest:
        return FrameRequest(per_second=2.0, at_least=1, at_most=8, longest_side=64)

    @property
    def batch(self) -> int:
        return 4

    def caption(self, clips: Sequence[Clip]) -> list[CaptionDraft]:
        return [self._draft(clip) for clip in clips]

    def _draft(self, clip: Clip) -> CaptionDraft:
        if not clip.frames:
            return CaptionDraft("")
        mean = int(np.mean([frame.pixels.mean() for frame in clip.frames]))
        shade = "dark" if mean < 85 else "bright" if mean > 170 else "grey"
        text = f"A {shade} clip of {len(clip.frames)} frames, brightness {mean}, version {self._version}."
        return CaptionDraft(text, (Facet("light", shade),))
