"""Work shared out over the machine's cores by the text and not by the product: threads that OpenBLAS lays under one
small product wait for each other, and on a busy machine for longer than the product takes alone."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from threadpoolctl import ThreadpoolController

Part = TypeVar("Part")


def multiply_on_one_thread() -> None:
    """From here on each product of NumPy takes one thread, in this process, whoever asks for it. Other libraries' are
    left as they are, and so is an OpenBLAS that NumPy did not bring along."""
    for library in ThreadpoolController().lib_controllers:
        if "numpy" in library.filepath:
            library.set_num_threads(1)


def work_off(work: Callable[[Part], None], parts: Iterable[Part]) -> None:
    """Do `work` on every part, as many at a time as this process has cores. What one raises is raised."""
    for _ in _workers().map(work, parts):
        pass


@cache
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(len(os.sched_getaffinity(0)), thread_name_prefix="embedding")
