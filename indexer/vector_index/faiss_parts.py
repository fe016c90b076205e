"""What the FAISS indexes have in common. The only file that knows of GPUs."""

import faiss
import numpy as np

from indexer.vector_index.places import Places

_CORES = faiss.omp_get_max_threads()
_MOST_ON_GPU = 2_048  # neighbours that FAISS's GPU kernels can find


def use_threads(queries: int) -> None:
    """FAISS shares out queries, never one query's vectors: a second thread would spin beside a lone query."""
    faiss.omp_set_num_threads(_CORES if queries > 1 else 1)


def selector(places: Places, count: int) -> faiss.IDSelector:
    """Only these of `count` places. Building it takes a tenth of a millisecond in 100,000, and asking it next to
    nothing."""
    mask = np.zeros(count, np.bool_)
    mask[places] = True
    # FAISS's type hints show the C++ signature; its Python wrapper takes the array alone.
    return faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))  # type: ignore[call-arg, arg-type]


def describe() -> str:
    gpus = faiss.get_num_gpus()
    return f"FAISS {faiss.__version__}, " + (f"on {gpus} GPUs" if gpus else "on the processor")


def serves(k: int) -> bool:
    """Whether FAISS was built for GPUs, finds one, and can find so many neighbours there."""
    return 0 < k <= _MOST_ON_GPU and faiss.get_num_gpus() > 0


def empty_on_gpu(dimension: int) -> faiss.Index:
    """Inner products at half precision on the first GPU."""
    settings = faiss.GpuIndexFlatConfig()
    settings.useFloat16 = True
    return faiss.GpuIndexFlatIP(faiss.StandardGpuResources(), dimension, settings)
