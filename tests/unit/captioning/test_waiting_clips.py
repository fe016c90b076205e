"""What waits before a model: which clips come next."""

from indexer.captioning.vision_language.waiting import Order, Waiting


def test_second_tries_wait_until_they_are_all_that_waits() -> None:
    waiting = Waiting(lambda orders: (orders, False))
    again = [Order(number, style="no repeating") for number in (0, 1)]
    plain = [Order(number) for number in (2, 3)]
    waiting.put_again([again[1], plain[1], again[0], plain[0]])
    assert waiting.next_orders() == plain
    assert waiting.next_orders() == again


def test_the_oldest_is_the_first_to_choose_from() -> None:
    waiting = Waiting(lambda orders: (orders[:1], True))
    orders = [Order(number) for number in range(3)]
    waiting.put_again(orders[::-1])
    assert [waiting.next_orders() for _ in orders] == [[order] for order in orders]


def test_nothing_comes_after_the_end() -> None:
    waiting = Waiting(lambda orders: (orders, False))
    waiting.put_again([Order(0)])
    waiting.end()
    assert waiting.next_orders() is None
    assert waiting.next_batch() is None
