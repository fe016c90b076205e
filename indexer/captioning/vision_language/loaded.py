"""One loaded vision-language model: clips in, raw text out. The only file of this room that knows torch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, cast

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from transformers import AutoModelForImageTextToText, AutoProcessor

from indexer.captioning.base import Clip
from indexer.captioning.vision_language.finding import ModelSource
from indexer.domain import Pixels
from indexer.errors import ComponentError

Style = Literal["plain", "no repeating"]
Content = dict[str, str]


class Tokens(Protocol):
    """The part of a tokenizer that is used."""

    padding_side: str
    pad_token: str | None
    eos_token: str | None
    pad_token_id: int | None


class Processor(Protocol):
    """The part of a processor that is used."""

    tokenizer: Tokens
    chat_template: str | dict[str, str] | None

    def apply_chat_template(
        self, conversation: list[dict[str, object]], *, add_generation_prompt: bool, tokenize: bool
    ) -> str: ...

    def __call__(self, **inputs: object) -> "Batch": ...

    def batch_decode(self, tokens: torch.Tensor, *, skip_special_tokens: bool) -> list[str]: ...


class Batch(Protocol):
    def __getitem__(self, name: str) -> torch.Tensor: ...

    def to(self, device: str, dtype: torch.dtype) -> dict[str, torch.Tensor]: ...


class Generator(Protocol):
    """The part of a model that is used."""

    def generate(self, **inputs: object) -> torch.Tensor: ...


@dataclass(frozen=True, slots=True)
class LoadedModel:
    model: Generator
    processor: Processor
    device: str
    dtype: torch.dtype

    def describe(self) -> str:
        name = torch.cuda.get_device_name() if self.device == "cuda" else "the processor"
        return f"on {name} in {str(self.dtype).removeprefix('torch.')}"

    def generate(self, clips: Sequence[Clip], prompt: str, *, style: Style, new_tokens: int) -> list[str]:
        """Greedy, so that the same clip gives the same text. Raises `MemoryError` where the batch is too large.

        All clips must have frames, equally many and of one size.
        """
        inputs = self.prepare(clips, prompt)
        against_loops = {"repetition_penalty": 1.2, "no_repeat_ngram_size": 5} if style == "no repeating" else {}
        try:
            batch = inputs.to(self.device, self.dtype)
            with torch.inference_mode():
                tokens = self.model.generate(
                    **batch,
                    **against_loops,
                    do_sample=False,
                    num_beams=1,
                    max_new_tokens=new_tokens,
                    pad_token_id=self.processor.tokenizer.pad_token_id,
                )
        except torch.cuda.OutOfMemoryError:
            torch.cuda.empty_cache()
            raise MemoryError from None
        written = tokens[:, batch["input_ids"].shape[1] :]
        return self.processor.batch_decode(written, skip_special_tokens=True)

    def prepare(self, clips: Sequence[Clip], prompt: str) -> Batch:
        """What the model sees of the clips: as videos where its processor takes videos, else as images."""
        takes_video = getattr(self.processor, "video_processor", None) is not None
        return self._video_inputs(clips, prompt) if takes_video else self._image_inputs(clips, prompt)

    def _video_inputs(self, clips: Sequence[Clip], prompt: str) -> Batch:
        asked: list[Content] = [{"type": "video"}, {"type": "text", "text": prompt}]
        return self.processor(
            text=[self._chat(asked)] * len(clips),
            videos=[_stack(clip) for clip in clips],
            video_metadata=[_metadata(clip) for clip in clips],
            do_sample_frames=False,
            padding=True,
            return_tensors="pt",
        )

    def _image_inputs(self, clips: Sequence[Clip], prompt: str) -> Batch:
        return self.processor(
            text=[self._chat(_timed_images(clip, prompt)) for clip in clips],
            images=[[frame.pixels.copy() for frame in clip.frames] for clip in clips],  # torch wants to own them
            padding=True,
            return_tensors="pt",
        )

    def _chat(self, content: list[Content]) -> str:
        message: dict[str, object] = {"role": "user", "content": content}
        return self.processor.apply_chat_template([message], add_generation_prompt=True, tokenize=False)


def load_model(source: ModelSource) -> LoadedModel:
    """bfloat16 on a CUDA GPU, float32 on the processor (half precision is slower there and rounds more)."""
    device, dtype = ("cuda", torch.bfloat16) if torch.cuda.is_available() else ("cpu", torch.float32)
    try:
        processor, model = _read(source, dtype)
        model.to(torch.device(device)).eval()
    except torch.cuda.OutOfMemoryError:
        raise ComponentError(f"{source.name!r} does not fit into the GPU's memory; choose a smaller model") from None
    except (OSError, ValueError, KeyError, ImportError, RuntimeError, SafetensorError) as error:
        reason = " ".join(str(error).split())[:300]
        raise ComponentError(f"{source.name!r} cannot be loaded as a vision-language model: {reason}") from error
    if not getattr(processor, "chat_template", None) or not hasattr(processor, "image_processor"):
        raise ComponentError(
            f"{source.name!r} cannot follow a prompt about pictures: it has no chat template for images"
        )
    tokens = processor.tokenizer
    tokens.padding_side = "left"  # or a generated text would follow its padding
    if tokens.pad_token is None:
        tokens.pad_token = tokens.eos_token
    return LoadedModel(cast(Generator, model), processor, device, dtype)


def _read(source: ModelSource, dtype: torch.dtype) -> tuple[Processor, torch.nn.Module]:
    processor = AutoProcessor.from_pretrained(source.folder, local_files_only=True, trust_remote_code=False)
    model = AutoModelForImageTextToText.from_pretrained(
        source.folder, local_files_only=True, trust_remote_code=False, use_safetensors=True, dtype=dtype
    )
    return processor, model


def _stack(clip: Clip) -> NDArray[np.uint8]:
    """(frames, height, width, 3) uint8. A single frame is shown twice: video models see pairs."""
    pictures: list[Pixels] = [frame.pixels for frame in clip.frames]
    return np.stack(pictures if len(pictures) > 1 else pictures * 2)


def _metadata(clip: Clip) -> dict[str, object]:
    """True times, as a video of a thousand frames a second of which only ours were picked: exact to the millisecond."""
    milliseconds = [max(0, frame.t_us - clip.span.start_us) // 1000 for frame in clip.frames]
    if len(milliseconds) == 1:
        milliseconds *= 2
    return {
        "fps": 1000.0,
        "total_num_frames": max(1, clip.span.duration_us // 1000, milliseconds[-1] + 1),
        "frames_indices": milliseconds,
        "duration": clip.span.duration_us / 1e6,
        "height": clip.frames[0].pixels.shape[0],
        "width": clip.frames[0].pixels.shape[1],
    }


def _timed_images(clip: Clip, prompt: str) -> list[Content]:
    content: list[Content] = []
    for frame in clip.frames:
        seconds = max(0, frame.t_us - clip.span.start_us) / 1e6
        content += [{"type": "text", "text": f"At {seconds:.1f} seconds:"}, {"type": "image"}]
    return [*content, {"type": "text", "text": prompt}]
