"""The `transformers` captioner: any vision-language model that `AutoModelForImageTextToText` knows, by name or folder.

Families with a video processor (Qwen-VL, SmolVLM2, InternVL, LLaVA-OneVision ...) get the frames as one video with the
frames' true times; families that take only images get them as several images with the times in the prompt; families
that caption one picture (BLIP, GIT ...) get the sharpest. Weights come from safetensors only, code only from the
installed library, and nothing is ever downloaded.
"""

import threading
from collections.abc import Callable, Generator, Iterable
from itertools import chain
from typing import TYPE_CHECKING, Final

from indexer.captioning.base import Clip, FrameRequest, always_wanted
from indexer.captioning.generated_text import clean_text
from indexer.captioning.prompts import Prompt, read_prompt
from indexer.captioning.vision_language.budget import TOKENS_PER_SECOND, FramePlan, clip_bytes, plan_frames
from indexer.captioning.vision_language.catalogue.finding import ModelSource, find_model
from indexer.captioning.vision_language.families import Batching, batching_of, opening_words
from indexer.captioning.vision_language.limits import Limits, read_limits
from indexer.domain import CaptionDraft, Recipe

if TYPE_CHECKING:  # torch is loaded with the model, not before
    from indexer.captioning.vision_language.ready import Ready

NEW_TOKENS: Final = 160
_LEAST_WINDOW: Final = 4
_WINDOW_BYTES: Final = 2_000_000_000  # of memory for the clips that one stream has in hand, each of usual length
_WINDOW_ON_CPU: Final = 24
_WINDOW_ON_GPU: Final = 160  # a batch at work, one that waits, and what comes while these are put together


class TransformersCaptioner:
    """The weights are loaded when the first caption is asked for.

    Raises `ComponentError` at once where the model is missing, incomplete or has only pickled weights, and on the first
    caption where it cannot be loaded or does not fit into memory.
    """

    def __init__(self, source: ModelSource, prompt: Prompt, *, tokens_per_second: float, device: str) -> None:
        self._source = source
        self._prompt = prompt
        self._device = device
        self._budget = tokens_per_second
        self._limits = read_limits(source.folder, name=source.name, family=source.family)
        self._frames = plan_frames(self._limits, tokens_per_second)
        self._ready: Ready | None = None
        self._loading = threading.Lock()

    @property
    def recipe(self) -> Recipe:
        """Model, revision, prompt and parameters. Not the device, precision or attention: captions differ by little
        between them, and a library must not be captioned anew because it is opened on another machine."""
        source, wants = self._source, self._frames.wants
        name = clean_text(source.name).replace(" ", "_")
        way = self._limits.way.replace(" ", "-")
        return Recipe(
            f"transformers/2 {name}@{source.revision} {self._asked()} frames={way},{self._budget:g}tok/s:"
            f"{wants.per_second:g}/s,{wants.at_least}-{wants.at_most},{wants.longest_side}px tokens={NEW_TOKENS}"
        )

    @property
    def wants(self) -> FrameRequest:
        return self._frames.wants

    @property
    def frames(self) -> FramePlan:
        """What the budget of vision tokens came to."""
        return self._frames

    @property
    def limits(self) -> Limits:
        return self._limits

    @property
    def batching(self) -> Batching:
        return batching_of(self._source.family)

    @property
    def window(self) -> int:
        """As many as a batch gains from, and fewer where a clip is large."""
        from indexer.captioning.vision_language.devices import plan_of

        plan = plan_of(self._device)
        most = _WINDOW_ON_CPU if plan.device == "cpu" else _WINDOW_ON_GPU
        fitting = _WINDOW_BYTES // clip_bytes(self.wants, number_bytes=plan.dtype.itemsize)
        return max(_LEAST_WINDOW, min(most, fitting))

    @property
    def note(self) -> str:
        """For people: which model, and where it runs once it does."""
        where = f", {self._ready.model.describe()}" if self._ready else ""
        return f"{clean_text(self._source.name)} ({self._source.family}, {self._source.bytes / 1e9:.2g} GB{where})"

    def foretell(self) -> str:
        """On a processor, where it may take long. Loads the model, and measures it where that was not done before."""
        from indexer.captioning.vision_language.devices import plan_of
        from indexer.captioning.vision_language.speed import foretell

        return foretell(self) if plan_of(self._device).device == "cpu" else ""

    def captions(
        self, clips: Iterable[Clip], *, wanted: Callable[[], bool] = always_wanted
    ) -> Generator[CaptionDraft, None, None]:
        """One draft a clip, in order. No clip's caption depends on those beside it."""
        from indexer.captioning.vision_language.generating import Stream

        begun = iter(clips)
        first = next(begun, None)
        if first is None:
            return
        stream = Stream(self.ready(), window=self.window)
        yield from stream.drafts(chain([first], begun), wanted=wanted)

    def ready(self) -> "Ready":
        """The loaded model; loads it where it is not. Raises `ComponentError`."""
        from indexer.captioning.vision_language.inputs import Asking
        from indexer.captioning.vision_language.loaded import Length
        from indexer.captioning.vision_language.ready import make_ready

        with self._loading:
            if self._ready is None:
                asking = Asking(self._source.family, self._limits, self._frames, self._prompt.text)
                self._ready = make_ready(self._source, asking, length=Length(NEW_TOKENS), device=self._device)
            return self._ready

    def _asked(self) -> str:
        if self._limits.way == "one image":
            return f"prompt={opening_words(self._source.family) or 'none'}".replace(" ", "_")
        return f"prompt={self._prompt.name}:{self._prompt.digest}"


def open_captioner(
    name: str, *, tokens_per_second: float | None = None, device: str = "auto", prompt_name: str = "describe-1"
) -> TransformersCaptioner:
    """Find the model `name`; load nothing yet. None: the default budget of vision tokens."""
    budget = TOKENS_PER_SECOND if tokens_per_second is None else tokens_per_second
    return TransformersCaptioner(find_model(name), read_prompt(prompt_name), tokens_per_second=budget, device=device)
