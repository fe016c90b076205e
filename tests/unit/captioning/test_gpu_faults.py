"""A GPU that failed is told from memory that lacks and from a defect of the program."""

import pytest
import torch

from indexer.captioning.vision_language.gpu_faults import faults_told, lacks_memory
from indexer.errors import ComponentError


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("CUDA error: an illegal memory access was encountered\nCUDA kernel errors might be"),
        torch.AcceleratorError("unspecified launch failure"),
    ],
)
def test_a_gpu_that_failed_says_what_to_do(error: RuntimeError) -> None:
    words = r"^NVIDIA L4 is in a bad state .*; end the program and start it again"
    with pytest.raises(ComponentError, match=words), faults_told("NVIDIA L4"):
        raise error


@pytest.mark.parametrize("words", ["CUDA error: out of memory", "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling"])
def test_memory_that_lacks_is_no_fault(words: str) -> None:
    error = RuntimeError(words)
    assert lacks_memory(error)
    with pytest.raises(RuntimeError, match=words), faults_told("NVIDIA L4"):
        raise error


def test_a_defect_stays_one() -> None:
    error = RuntimeError("mat1 and mat2 shapes cannot be multiplied")
    assert not lacks_memory(error)
    with pytest.raises(RuntimeError, match="mat1 and mat2"), faults_told("NVIDIA L4"):
        raise error
