"""Captioners that need neither model nor pictures' meaning."""

import hashlib
import time
from collections.abc import Callable, Generator, Iterable

import numpy as np

from indexer.captioning import Clip, FrameRequest
from indexer.captioning.base import always_wanted
from indexer.domain import CaptionDraft, Facet, Recipe


class FakeCaptioner:
    """Tells mean brightness and number of frames. Deterministic: the same clip gets the same words, whatever stands
    beside it. Give it another version for another recipe, so that re-captioning can be tested."""

    def __init__(self, version: int = 1) -> None:
        self._version = version

    @property
    def recipe(self) -> Recipe:
        return Recipe(f"fake/{self._version}")

    @property
    def wants(self) -> FrameRequest:
        return FrameRequest(per_second=2.0, at_least=1, at_most=8, longest_side=64)

    @property
    def note(self) -> str:
        return "tells brightness"

    def foretell(self) -> str:
        return ""

    @property
    def window(self) -> int:
        return 4

    def captions(
        self, clips: Iterable[Clip], *, wanted: Callable[[], bool] = always_wanted
    ) -> Generator[CaptionDraft, None, None]:
        yield from map(self._draft, clips)

    def _draft(self, clip: Clip) -> CaptionDraft:
        if not clip.frames:
            return CaptionDraft("")
        mean = int(np.mean([frame.pixels.mean() for frame in clip.frames]))
        shade = "dark" if mean < 85 else "bright" if mean > 170 else "grey"
        text = f"A {shade} clip of {len(clip.frames)} frames, brightness {mean}, version {self._version}."
        return CaptionDraft(text, (Facet("light", shade),))


class TellingCaptioner:
    """Writes a sentence drawn from all pixels it is shown: no two clips get the same, and the same clip always does, so
    that a text at the wrong segment shows. `seconds`: how long it takes over a clip."""

    def __init__(self, version: int = 1, *, seconds: float = 0.0) -> None:
        self._version = version
        self._seconds = seconds

    @property
    def recipe(self) -> Recipe:
        return Recipe(f"telling/{self._version}")

    @property
    def wants(self) -> FrameRequest:
        return FrameRequest(per_second=2.0, at_least=1, at_most=4, longest_side=32)

    @property
    def note(self) -> str:
        return "tells the pixels"

    def foretell(self) -> str:
        return ""

    @property
    def window(self) -> int:
        return 2

    def captions(
        self, clips: Iterable[Clip], *, wanted: Callable[[], bool] = always_wanted
    ) -> Generator[CaptionDraft, None, None]:
        for clip in clips:
            time.sleep(self._seconds)
            yield self._draft(clip)

    def _draft(self, clip: Clip) -> CaptionDraft:
        seen = hashlib.blake2b(f"{self._version}".encode())
        for frame in clip.frames:
            seen.update(frame.pixels.tobytes())
        drawn = np.random.default_rng(int.from_bytes(seen.digest()[:8]))
        words = [_WORDS[number] for number in drawn.integers(0, len(_WORDS), 8)]
        return CaptionDraft(" ".join([*words, seen.hexdigest()[:10]]), (Facet("first", words[0]),))


_WORDS = [
    "amber",
    "anchor",
    "apple",
    "arrow",
    "autumn",
    "badge",
    "barn",
    "basket",
    "beacon",
    "bicycle",
    "bridge",
    "bucket",
    "candle",
    "canyon",
    "castle",
    "cedar",
    "chalk",
    "cliff",
    "cloud",
    "clover",
    "comet",
    "copper",
    "coral",
    "cotton",
    "crane",
    "creek",
    "dawn",
    "desert",
    "diver",
    "dune",
    "eagle",
    "ember",
    "falcon",
    "feather",
    "fern",
    "flint",
    "forest",
    "fountain",
    "garden",
    "glacier",
    "harbour",
    "hazel",
    "helmet",
    "hill",
    "ivory",
    "jacket",
    "kettle",
    "ladder",
    "lantern",
    "lemon",
]
