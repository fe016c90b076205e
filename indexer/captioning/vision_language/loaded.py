"""One loaded vision-language model: a batch of prepared clips in, tokens out."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, cast

import torch
from safetensors import SafetensorError
from transformers import AutoModelForImageTextToText, AutoProcessor
from transformers.utils.logging import disable_progress_bar

from indexer.captioning.base import NotWanted
from indexer.captioning.vision_language.catalogue.finding import ModelSource
from indexer.captioning.vision_language.devices import Plan, plan_of
from indexer.captioning.vision_language.gpu_faults import faults_told, lacks_memory
from indexer.captioning.vision_language.room import require_room, room_of
from indexer.errors import ComponentError

Style = Literal["plain", "no repeating"]
Tensors = dict[str, torch.Tensor]

_STYLES: Final[dict[Style, dict[str, float]]] = {
    "plain": {},
    "no repeating": {"repetition_penalty": 1.2, "no_repeat_ngram_size": 5},
}
_ASKING_S: Final = 0.2  # how often one that waits its turn looks whether it is still wanted


class Tokens(Protocol):
    """The part of a tokenizer that is used."""

    padding_side: str
    pad_token: str | None
    eos_token: str | None
    pad_token_id: int | None


class Processor(Protocol):
    """The part of a processor that is used."""

    tokenizer: Tokens

    def apply_chat_template(
        self, conversation: list[dict[str, object]], *, add_generation_prompt: bool, tokenize: bool
    ) -> str: ...

    def __call__(self, **inputs: object) -> dict[str, object]: ...

    def batch_decode(self, tokens: Sequence[Sequence[int]], *, skip_special_tokens: bool) -> list[str]: ...


class Settings(Protocol):
    """The part of a configuration that is used."""

    is_encoder_decoder: bool
    _attn_implementation: str


class Network(Protocol):
    """The part of a model that is used."""

    config: Settings

    def generate(self, **inputs: object) -> torch.Tensor: ...

    def modules(self) -> Iterator[torch.nn.Module]: ...


@dataclass(frozen=True, slots=True)
class Length:
    """How many tokens are written of each clip: at most, or always (to measure)."""

    tokens: int
    exactly: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """Of each clip of a batch the new tokens; and the memory that the batch took of what was free, where it is counted
    (0 where not), in bytes."""

    rows: list[list[int]]
    taken: int = 0
    free: int = 0


@dataclass(frozen=True)
class LoadedModel:
    """Threads may share it: one generates at a time."""

    network: Network
    processor: Processor
    plan: Plan
    pad_id: int
    _alone: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def describe(self) -> str:
        return self.plan.describe(self.network.config._attn_implementation)

    def write(
        self, batch: Tensors, length: Length, *, style: Style = "plain", unwanted: threading.Event | None = None
    ) -> Written:
        """Greedy, so that the same clip gives the same text.

        Raises `MemoryError` where the batch is too large, `NotWanted` soon after `unwanted` is set, and
        `ComponentError` where the GPU fails.
        """
        options: dict[str, object] = {**_STYLES[style], "max_new_tokens": length.tokens}
        if length.exactly:
            options["min_new_tokens"] = length.tokens
        unwanted = unwanted or threading.Event()
        with self._turn(unwanted), self._on_device(), torch.inference_mode(), _ending(self.network, unwanted):
            held, free = self._memory()
            try:
                tokens = self.network.generate(**self._moved(batch), do_sample=False, num_beams=1, **options)
                rows = self._rows(tokens, batch)
                return Written(rows, self._peak() - held, free) if free else Written(rows)
            except torch.cuda.OutOfMemoryError:
                pass  # what the traceback holds on to must go before memory is given back
            except RuntimeError as error:
                if not lacks_memory(error):
                    raise
        if self.plan.device != "cpu":
            torch.cuda.empty_cache()
        raise MemoryError

    def read(self, written: Sequence[Sequence[int]]) -> list[str]:
        return self.processor.batch_decode(written, skip_special_tokens=True)

    @contextmanager
    def _turn(self, unwanted: threading.Event) -> Iterator[None]:
        while not self._alone.acquire(timeout=_ASKING_S):
            if unwanted.is_set():
                raise NotWanted
        try:
            yield
        finally:
            self._alone.release()

    @contextmanager
    def _on_device(self) -> Iterator[None]:
        is_cpu = self.plan.device == "cpu"
        with faults_told(self.plan.name), nullcontext() if is_cpu else torch.cuda.device(self.plan.device):
            yield

    def _moved(self, batch: Tensors) -> Tensors:
        return {name: tensor.to(self.plan.device, non_blocking=True) for name, tensor in batch.items()}

    def _memory(self) -> tuple[int, int]:
        """Bytes that are held before a batch, and that it may take besides; zeros where nobody counts."""
        device = self.plan.device
        if device == "cpu":
            return 0, 0
        torch.cuda.reset_peak_memory_stats(device)
        held = int(torch.cuda.memory_allocated(device))
        return held, room_of(self.plan).bytes + int(torch.cuda.memory_reserved(device)) - held

    def _peak(self) -> int:
        return int(torch.cuda.max_memory_allocated(self.plan.device))

    def _rows(self, tokens: torch.Tensor, batch: Tensors) -> list[list[int]]:
        prompt = batch.get("input_ids")
        if prompt is not None and not self.network.config.is_encoder_decoder:
            tokens = tokens[:, prompt.shape[1] :]
        rows = cast("list[list[int]]", tokens.cpu().tolist())
        return [[token for token in row if token != self.pad_id] for row in rows]


@contextmanager
def _ending(network: Network, unwanted: threading.Event) -> Iterator[None]:
    """Raise `NotWanted` before the next layer once `unwanted` is set: on a processor a prompt alone can take minutes,
    and a layer of it seconds at most."""

    def ask(*_: object) -> None:
        if unwanted.is_set():
            raise NotWanted

    lists = [module for module in network.modules() if isinstance(module, torch.nn.ModuleList)]
    hooks = [layer.register_forward_pre_hook(ask) for layers in lists for layer in layers]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def load_model(source: ModelSource, device: str = "auto") -> LoadedModel:
    """Raises `ComponentError` where it cannot be loaded as a vision-language model or does not fit."""
    torch.cuda.empty_cache()  # what a model before this one left would count as taken
    plan = plan_of(device)
    require_room(source, room_of(plan))
    disable_progress_bar()  # who loads it says so
    try:
        processor = AutoProcessor.from_pretrained(source.folder, local_files_only=True, trust_remote_code=False)
        network = _read(source, plan)
        network.to(torch.device(plan.device)).eval()
    except torch.cuda.OutOfMemoryError:
        raise ComponentError(
            f"{source.name!r} does not fit into the memory of {plan.name}; choose a smaller one"
        ) from None
    except (OSError, ValueError, KeyError, ImportError, RuntimeError, SafetensorError) as error:
        reason = " ".join(str(error).split())[:300]
        raise ComponentError(f"{source.name!r} cannot be loaded as a vision-language model: {reason}") from error
    if not hasattr(processor, "image_processor"):
        raise ComponentError(f"{source.name!r} has no settings for pictures: its preprocessor_config.json is missing")
    return LoadedModel(cast(Network, network), processor, plan, _settled(processor.tokenizer, network))


def _read(source: ModelSource, plan: Plan) -> torch.nn.Module:
    """With the attention that is planned; with what the family prefers where it refuses that."""
    wanted: list[str | None] = [plan.attention, None] if plan.attention != "sdpa" else [None]
    for attention in wanted[:-1]:
        with suppress(ValueError, ImportError):
            return _read_with(source, plan, attention)
    return _read_with(source, plan, wanted[-1])


def _read_with(source: ModelSource, plan: Plan, attention: str | None) -> torch.nn.Module:
    network, found = AutoModelForImageTextToText.from_pretrained(
        source.folder,
        local_files_only=True,
        trust_remote_code=False,
        use_safetensors=True,
        dtype=plan.dtype,
        attn_implementation=attention,
        output_loading_info=True,
    )
    lacking = sorted({*found["missing_keys"], *(name for name, *_ in found["mismatched_keys"])})
    if lacking:  # the library would draw them by lot
        raise OSError(f"{len(lacking)} of its weights are missing or of another shape, such as {lacking[0]}")
    return cast(torch.nn.Module, network)


def _settled(tokens: Tokens, network: torch.nn.Module) -> int:
    """Padding on the left, or a generated text would follow its padding; no settings of lots that are never drawn."""
    tokens.padding_side = "left"
    if tokens.pad_token is None:
        tokens.pad_token = tokens.eos_token
    generation = cast(torch.nn.Module, network.generation_config)
    for name in ("temperature", "top_p", "top_k"):
        setattr(generation, name, None)
    pad = tokens.pad_token_id
    if pad is None:
        raise ComponentError("the model's tokenizer has no token to pad with")
    generation.pad_token_id = pad  # type: ignore[assignment]  # a plain object, not a module
    return pad
