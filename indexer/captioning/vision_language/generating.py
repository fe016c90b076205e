"""Clips in, drafts out, in order: preparing, batching, generating and reading go on beside each other.

Threads and not processes prepare: nearly all of their time is spent in torch's resizing and in copies, which let other
threads run, and a process would have to send back many megabytes of tensors a clip; figures: docs/vision_language.md.
"""

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import count
from typing import Final

from indexer.captioning.base import Clip, NotWanted, always_wanted
from indexer.captioning.generated_text import draft_of, find_loop, without_loop
from indexer.captioning.vision_language.batching import choose_batch, collate, pinned
from indexer.captioning.vision_language.gpu_faults import faults_told
from indexer.captioning.vision_language.inputs import Prepared
from indexer.captioning.vision_language.loaded import Tensors
from indexer.captioning.vision_language.ready import Ready
from indexer.captioning.vision_language.waiting import Batch, Order, Waiting
from indexer.domain import CaptionDraft, TokenCost

_ASKING_S: Final = 0.2  # how often it is asked whether a draft that is waited for is still wanted


class Stream:
    """One reading of clips through a model. Made for one use; `drafts` ends all it began."""

    def __init__(self, ready: Ready, *, window: int) -> None:
        self._ready = ready
        self._window = window
        self._waiting = Waiting(self._choose)
        self._underway: set[Order] = set()
        self._preparers = ThreadPoolExecutor(ready.workers, "prepare captions")
        self._reader = ThreadPoolExecutor(1, "read captions")
        self._threads = [
            threading.Thread(target=self._guarded, args=(work,), name=name, daemon=True)
            for work, name in ((self._batch_all, "batch captions"), (self._write_all, "write captions"))
        ]

    def drafts(
        self, clips: Iterable[Clip], *, wanted: Callable[[], bool] = always_wanted
    ) -> Generator[CaptionDraft, None, None]:
        """An exception of `clips` comes after the drafts of those before it. Raises `NotWanted` where `wanted` says no
        while a draft is waited for."""
        for thread in self._threads:
            thread.start()
        try:
            yield from self._in_order(iter(clips), wanted)
        finally:
            self._end()

    def _in_order(self, clips: Iterator[Clip], wanted: Callable[[], bool]) -> Iterator[CaptionDraft]:
        orders: deque[Order] = deque()
        failure: Exception | None = None
        is_read_up = False
        for number in count():
            while orders and (is_read_up or len(orders) >= self._window or orders[0].draft.done()):
                yield self._awaited(orders.popleft(), wanted)
            if is_read_up:
                break
            try:
                orders.append(self._begin(number, next(clips)))
            except StopIteration:
                is_read_up = True
            except Exception as error:
                failure, is_read_up = error, True
        if failure is not None:
            raise failure

    def _awaited(self, order: Order, wanted: Callable[[], bool]) -> CaptionDraft:
        if order.draft.done():
            return order.draft.result()
        self._waiting.hold_up()
        try:
            while not wait([order.draft], timeout=_ASKING_S).done:
                if not wanted():
                    raise NotWanted
            return order.draft.result()
        finally:
            self._waiting.go_on()

    # -- preparing ---------------------------------------------------------------------------------------------------

    def _begin(self, number: int, clip: Clip) -> Order:
        order = Order(number)
        if not clip.frames:
            order.draft.set_result(CaptionDraft(""))
            return order
        self._underway.add(order)
        self._waiting.expect()
        self._preparers.submit(self._prepare, order, clip)
        return order

    def _prepare(self, order: Order, clip: Clip) -> None:
        try:
            order.prepared = self._ready.preparer.prepare(clip)
        except Exception as error:
            self._fail([order], error)
        self._waiting.put_expected([order] if order.prepared else [])

    # -- batches -----------------------------------------------------------------------------------------------------

    def _batch_all(self) -> None:
        while (orders := self._waiting.next_orders()) is not None:
            self._waiting.give(Batch(orders, self._collated(orders)))

    def _choose(self, orders: list[Order]) -> tuple[list[Order], bool]:
        places, is_full = choose_batch(
            _inputs(orders),
            batching=self._ready.batching,
            most_tokens=self._ready.limit.tokens,
            new_tokens=self._ready.length.tokens,
        )
        return [orders[place] for place in places], is_full

    def _collated(self, orders: list[Order]) -> Tensors:
        model = self._ready.model
        tensors = collate(_inputs(orders), pad_id=model.pad_id)
        if model.plan.device == "cpu":
            return tensors
        with faults_told(model.plan.name):
            return pinned(tensors)

    # -- writing -----------------------------------------------------------------------------------------------------

    def _write_all(self) -> None:
        while (batch := self._waiting.next_batch()) is not None:
            self._write(batch)

    def _write(self, batch: Batch) -> None:
        """Halves the batch as often as the memory asks for."""
        try:
            written = self._ready.write(batch.tensors, style=batch.style, unwanted=self._waiting.ended)
        except MemoryError:
            written = None
        except Exception as error:
            self._fail(batch.orders, error)
            return
        if written is not None:
            self._reader.submit(self._read, batch.orders, written)
        elif len(batch.orders) == 1:
            self._fail(batch.orders, self._ready.too_large())
        else:
            middle = len(batch.orders) // 2
            for part in (batch.orders[:middle], batch.orders[middle:]):
                self._write(Batch(part, self._collated(part)))

    def _read(self, orders: list[Order], written: list[list[int]]) -> None:
        """What loops is written once more, with other settings."""
        again = []
        try:
            for order, tokens, text in zip(orders, written, self._ready.model.read(written), strict=True):
                prompt = order.prepared.tokens if order.prepared else 0
                draft = draft_of(text, TokenCost(prompt, len(tokens)))
                if order.style == "plain" and find_loop(draft.text) is not None:
                    order.style = "no repeating"
                    again.append(order)
                else:
                    self._finish(order, without_loop(draft))
        except Exception as error:
            self._fail(orders, error)
            return
        self._waiting.put_again(again)

    # -- ends --------------------------------------------------------------------------------------------------------

    def _finish(self, order: Order, draft: CaptionDraft) -> None:
        self._underway.discard(order)
        order.prepared = None
        order.draft.set_result(draft)

    def _fail(self, orders: Iterable[Order], error: Exception) -> None:
        for order in orders:
            self._underway.discard(order)
            if not order.draft.done():
                order.draft.set_exception(error)

    def _guarded(self, work: Callable[[], None]) -> None:
        """A thread that fails must not leave its reader waiting."""
        try:
            work()
        except Exception as error:
            self._fail(list(self._underway), error)

    def _end(self) -> None:
        self._waiting.end()
        self._preparers.shutdown(cancel_futures=True)
        for thread in self._threads:
            thread.join()
        self._reader.shutdown()


def _inputs(orders: list[Order]) -> list[Prepared]:
    return [order.prepared for order in orders if order.prepared is not None]
