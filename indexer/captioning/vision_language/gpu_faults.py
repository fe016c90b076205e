"""What goes wrong on a GPU, told from memory that lacks and from defects of the program."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import torch

from indexer.errors import ComponentError

_NO_MEMORY: Final = ("not enough memory", "out of memory", "CUBLAS_STATUS_ALLOC_FAILED")


def lacks_memory(error: RuntimeError) -> bool:
    """As torch says it on a processor or on a GPU."""
    return any(words in str(error) for words in _NO_MEMORY)


@contextmanager
def faults_told(place: str) -> Iterator[None]:
    """Raise `ComponentError` where the GPU `place` failed: then it refuses all that this process asks of it later."""
    try:
        yield
    except RuntimeError as error:
        if lacks_memory(error) or not (isinstance(error, torch.AcceleratorError) or "CUDA error" in str(error)):
            raise
        reason = str(error).partition("\n")[0][:200]
        raise ComponentError(
            f"{place} is in a bad state and does nothing more for this program ({reason}); end the program and start "
            "it again, and where that does not help, look at what nvidia-smi says of the GPU"
        ) from error
