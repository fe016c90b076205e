"""What an embedder runs on."""

import torch

from indexer.errors import ComponentError


def choose_device(device: str) -> str:
    """`auto` takes the CUDA GPU with the most free memory, else the processor. Raises `ComponentError` for a device
    that is not here."""
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if device == "cpu" or (device == "auto" and not count):
        return "cpu"
    if device in ("auto", "cuda") and count:
        return f"cuda:{max(range(count), key=lambda number: torch.cuda.mem_get_info(number)[0])}"
    number = device.removeprefix("cuda:")
    if device.startswith("cuda:") and number.isdecimal() and int(number) < count:
        return device
    there = ", ".join(["cpu", *(f"cuda:{number}" for number in range(count))])
    raise ComponentError(f"there is no device {device!r} for models here; there are: {there}")
