"""How much arithmetic a segment takes, from a model's measures; and the floors that were derived before. Pure.

Two operations a weight and token, and what attention takes besides: the usual count (Kaplan et al. 2020, section 2.1).
"""

from dataclasses import dataclass
from typing import Final

PEAKS: Final = {"H100": 990e12, "H200": 990e12, "A100": 312e12, "L40S": 362e12, "4090": 165e12}
"""Operations a second in bfloat16, dense, as the makers say."""

FLOORS: Final = {"smolvlm2-2.2b": (65, 347), "qwen3-vl-2b": (88, 490), "qwen3-vl-4b": (88, 279)}
"""Vision tokens per second of video, and times real time at 40 % of the arithmetic and 60 % of the bandwidth of an
H100: docs/vision_language.md."""


@dataclass(frozen=True, slots=True)
class Tower:
    """A stack of transformer layers."""

    layers: int
    width: int
    inner: int
    gated: bool  # three matrices instead of two in what follows attention
    kv_share: float = 1.0  # width of keys and values by that of queries
    query_share: float = 1.0  # width of queries by that of the layer

    def operations(self, tokens: float, context: float) -> float:
        """Of `tokens`, each looking at `context` others."""
        queries = self.width * self.query_share
        attention = self.width * queries * (2 + 2 * self.kv_share)
        weights = self.layers * (attention + (3 if self.gated else 2) * self.width * self.inner)
        return tokens * (2 * weights + 4 * self.layers * queries * context)


def prefill_operations(vision: Tower, text: Tower, *, patches: float, patches_together: float, prompt: float) -> float:
    """Of one clip: its pictures, and its prompt up to the first new token."""
    return vision.operations(patches, patches_together) + text.operations(prompt, prompt / 2)


def peak_of(device: str) -> float | None:
    """None for a device whose peak is not known here."""
    return next((peak for name, peak in PEAKS.items() if name in device), None)
