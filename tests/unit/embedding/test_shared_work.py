"""Work is shared out by the text, and what fails is told."""

import threading

import numpy as np
import pytest
from threadpoolctl import ThreadpoolController

from indexer.embedding.shared_work import multiply_on_one_thread, work_off


def test_every_part_is_worked_off() -> None:
    done: dict[int, str] = {}

    def work(part: int) -> None:
        done[part] = threading.current_thread().name

    work_off(work, range(50))
    assert sorted(done) == list(range(50))
    assert threading.current_thread().name not in done.values()


def test_what_one_part_raises_is_raised() -> None:
    def work(part: int) -> None:
        if part == 3:
            raise ValueError("part 3")

    with pytest.raises(ValueError, match="part 3"):
        work_off(work, range(5))


def test_products_of_numpy_take_one_thread() -> None:
    np.ones((2, 2)) @ np.ones((2, 2))
    multiply_on_one_thread()
    own = [one for one in ThreadpoolController().lib_controllers if "numpy" in one.filepath]
    assert [one.num_threads for one in own] == [1 for _ in own]
