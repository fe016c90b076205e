"""What a model runs on here, and how: chosen from what is there, before any weights are read."""

from dataclasses import dataclass
from typing import Final

import torch
from transformers.utils import is_flash_attn_2_available, is_flash_attn_3_available

from indexer.errors import ComponentError

_COMPILED: Final = "not compiled"  # compiled decoding has not been seen to work on a GPU with any family yet


@dataclass(frozen=True, slots=True)
class Plan:
    """How a model is run. `attention` is what is asked of it: a family that cannot takes `sdpa`, else `eager`."""

    device: str  # `cpu` or `cuda:0`
    name: str  # the GPU's name, or `the processor`
    dtype: torch.dtype
    attention: str

    @property
    def type_name(self) -> str:
        return str(self.dtype).removeprefix("torch.")

    def describe(self, attention: str | None = None) -> str:
        return f"on {self.name} in {self.type_name}, {attention or self.attention} attention, {_COMPILED}"


def plan_of(device: str = "auto") -> Plan:
    """`auto` takes the CUDA GPU with the most free memory, else the processor. Half precision on GPUs only: on a
    processor it is slower and rounds more. Raises `ComponentError` for a device that is not here."""
    if device == "cpu" or (device == "auto" and not torch.cuda.is_available()):
        return Plan("cpu", "the processor", torch.float32, "sdpa")
    number = _gpu(device)
    with torch.cuda.device(number):
        dtype = torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
    return Plan(f"cuda:{number}", torch.cuda.get_device_name(number), dtype, _attention())


def _gpu(device: str) -> int:
    count = torch.cuda.device_count()
    if device in ("auto", "cuda") and count:
        return max(range(count), key=lambda number: torch.cuda.mem_get_info(number)[0])
    number = device.removeprefix("cuda:")
    if device.startswith("cuda:") and number.isdecimal() and int(number) < count:
        return int(number)
    there = ", ".join(["cpu", *(f"cuda:{number}" for number in range(count))])
    raise ComponentError(f"there is no device {device!r} for models here; there are: {there}")


def _attention() -> str:
    """The quickest that is installed. Kernels are never fetched from the hub: they are code."""
    if is_flash_attn_3_available():
        return "flash_attention_3"
    return "flash_attention_2" if is_flash_attn_2_available() else "sdpa"
