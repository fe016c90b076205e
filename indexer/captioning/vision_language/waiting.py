"""What waits between the threads of a stream: clips that are prepared, and the batch that is next."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from indexer.captioning.vision_language.inputs import Prepared
from indexer.captioning.vision_language.loaded import Style, Tensors
from indexer.domain import CaptionDraft


@dataclass(eq=False, slots=True)
class Order:
    """One clip on its way."""

    number: int
    prepared: Prepared | None = None
    style: Style = "plain"
    draft: Future[CaptionDraft] = field(default_factory=Future)


@dataclass(frozen=True, slots=True)
class Batch:
    orders: list[Order]
    tensors: Tensors

    @property
    def style(self) -> Style:
        return self.orders[0].style


Choose = Callable[[list[Order]], tuple[list[Order], bool]]
"""Which of the orders, oldest first and of one style, make the next batch, and whether it is full."""


class Waiting:
    """`next_orders` and `next_batch` block until there are some; None once `end` was called."""

    def __init__(self, choose: Choose) -> None:
        self._choose = choose
        self._changed = threading.Condition()
        self._preparing = 0
        self._prepared: list[Order] = []
        self._next: Batch | None = None
        self._is_writing = False
        self._is_read_up = False
        self.ended = threading.Event()

    def expect(self) -> None:
        """A clip is being prepared."""
        with self._changed:
            self._preparing += 1

    def put_expected(self, orders: Sequence[Order]) -> None:
        """It is prepared; or it failed, and none comes."""
        with self._changed:
            self._preparing -= 1
            self._prepared += orders
            self._changed.notify_all()

    def put_again(self, orders: Sequence[Order]) -> None:
        with self._changed:
            self._prepared += orders
            self._changed.notify_all()

    def hold_up(self) -> None:
        """No clip comes before a draft has gone."""
        with self._changed:
            self._is_read_up = True
            self._changed.notify_all()

    def go_on(self) -> None:
        with self._changed:
            self._is_read_up = False

    def next_orders(self) -> list[Order] | None:
        """Of the next batch: as soon as it is full, nothing more comes, or the model is idle."""
        with self._changed:
            while not self.ended.is_set():
                if self._prepared and self._next is None:
                    orders, is_full = self._chosen()
                    if is_full or not self._is_writing or (self._is_read_up and not self._preparing):
                        self._prepared = [order for order in self._prepared if order not in orders]
                        return orders
                self._changed.wait()
        return None

    def give(self, batch: Batch) -> None:
        with self._changed:
            self._next = batch
            self._changed.notify_all()

    def next_batch(self) -> Batch | None:
        """The one before it is written."""
        with self._changed:
            self._is_writing = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._next is not None or self.ended.is_set())
            batch, self._next = self._next, None
            self._is_writing = True
            self._changed.notify_all()
        return None if self.ended.is_set() else batch

    def end(self) -> None:
        self.ended.set()
        with self._changed:
            self._changed.notify_all()

    def _chosen(self) -> tuple[list[Order], bool]:
        """Second tries wait for one another: a batch of one takes nearly as long as a full one."""
        oldest = sorted(self._prepared, key=lambda order: (order.style != "plain", order.number))
        return self._choose([order for order in oldest if order.style == oldest[0].style])
