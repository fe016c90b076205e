"""The `transformers` captioner: any vision-language model that `AutoModelForImageTextToText` knows, by name or folder.

Families with a video processor (Qwen-VL, SmolVLM2, InternVL, LLaVA-OneVision ...) get the frames as one video with the
frames' true times; families that take only images get them as several images with the times in the prompt. Weights come
from safetensors only, code only from the installed library, and nothing is ever downloaded.
"""

from collections import defaultdict
from collections.abc import Generator, Iterable, Sequence
from itertools import islice
from typing import Final

from indexer.captioning.base import Clip, FrameRequest
from indexer.captioning.generated_text import before_loop, clean_text, find_loop
from indexer.captioning.prompts import Prompt, read_prompt
from indexer.captioning.vision_language.finding import ModelSource, find_model
from indexer.captioning.vision_language.loaded import LoadedModel, Style, load_model
from indexer.domain import CaptionDraft, Recipe
from indexer.errors import ComponentError

FRAMES: Final = FrameRequest(per_second=1.0, at_least=4, at_most=16, longest_side=448)
NEW_TOKENS: Final = 160
_STYLES: Final[tuple[Style, ...]] = ("plain", "no repeating")


class TransformersCaptioner:
    """A model by hub name (from the local cache) or folder. The weights are loaded when the first caption is asked for.

    Raises `ComponentError` at once where the model is missing, incomplete or has only pickled weights, and on the first
    caption where it cannot be loaded or does not fit into memory.
    """

    def __init__(self, source: ModelSource, prompt: Prompt) -> None:
        self._source = source
        self._prompt = prompt
        self._loaded: LoadedModel | None = None

    @property
    def recipe(self) -> Recipe:
        """Model, revision, prompt and parameters. Not the device: captions differ by little between them, and a library
        must not be captioned anew because it is opened on another machine; `note` tells the device."""
        source, prompt = self._source, self._prompt
        frames = f"{FRAMES.per_second:g}/s,{FRAMES.at_least}-{FRAMES.at_most},{FRAMES.longest_side}px"
        name = clean_text(source.name).replace(" ", "_")
        return Recipe(
            f"transformers/1 {name}@{source.revision} prompt={prompt.name}:{prompt.digest} "
            f"frames={frames} tokens={NEW_TOKENS}"
        )

    @property
    def wants(self) -> FrameRequest:
        return FRAMES

    @property
    def window(self) -> int:
        return 8 if self._loaded is not None and self._loaded.device == "cuda" else 2

    @property
    def note(self) -> str:
        """For people: which model, and where it runs once it does."""
        where = f", {self._loaded.describe()}" if self._loaded else ""
        return f"{clean_text(self._source.name)} ({self._source.family}, {self._source.bytes / 1e9:.2g} GB{where})"

    def captions(self, clips: Iterable[Clip]) -> Generator[CaptionDraft, None, None]:
        """One draft a clip, in order."""
        waiting = iter(clips)
        while batch := list(islice(waiting, self.window)):
            yield from self._drafts(batch)

    def _drafts(self, clips: Sequence[Clip]) -> list[CaptionDraft]:
        """One draft a clip, in order. Clips of one shape go through the model together, others apart, so that no clip's
        caption depends on what it is padded to."""
        drafts = [CaptionDraft("")] * len(clips)
        for places in _alike(clips):
            texts = self._describe([clips[place] for place in places])
            for place, text in zip(places, texts, strict=True):
                drafts[place] = CaptionDraft(text)
        return drafts

    def _describe(self, clips: Sequence[Clip]) -> list[str]:
        if self._loaded is None:
            self._loaded = load_model(self._source)
        texts = [clean_text(text) for text in self._generate(clips, _STYLES[0])]
        looping = [index for index, text in enumerate(texts) if find_loop(text) is not None]
        if looping:
            again = self._generate([clips[index] for index in looping], _STYLES[1])
            for index, text in zip(looping, again, strict=True):
                texts[index] = before_loop(clean_text(text))
        return texts

    def _generate(self, clips: Sequence[Clip], style: Style) -> list[str]:
        """Halves the batch as often as the memory asks for."""
        assert self._loaded is not None
        try:
            return self._loaded.generate(clips, self._prompt.text, style=style, new_tokens=NEW_TOKENS)
        except MemoryError:
            if len(clips) == 1:
                raise ComponentError(
                    f"{self._source.name!r} needs more memory than {self._loaded.describe()} has; choose a smaller one"
                ) from None
        middle = len(clips) // 2
        return self._generate(clips[:middle], style) + self._generate(clips[middle:], style)


def open_captioner(name: str, prompt_name: str = "describe-1") -> TransformersCaptioner:
    """Find the model `name`; load nothing yet."""
    return TransformersCaptioner(find_model(name), read_prompt(prompt_name))


def _alike(clips: Sequence[Clip]) -> list[list[int]]:
    """Indexes of the clips that have frames, by the number and shape of these."""
    groups: dict[tuple[int, tuple[int, ...]], list[int]] = defaultdict(list)
    for index, clip in enumerate(clips):
        if clip.frames:
            groups[len(clip.frames), clip.frames[0].pixels.shape].append(index)
    return list(groups.values())
