"""What a command does when it is asked to end."""

import signal

import pytest

from indexer.cli.session import stops_on_terminate


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_work(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt), stops_on_terminate():
        signal.raise_signal(number)


def test_what_an_interrupted_library_says_of_it_is_no_error_of_its_own() -> None:
    with pytest.raises(KeyboardInterrupt) as caught, stops_on_terminate():
        be_interrupted_badly()
    assert isinstance(caught.value.__cause__, RuntimeError)


def be_interrupted_badly() -> None:
    try:
        signal.raise_signal(signal.SIGTERM)
    finally:
        raise RuntimeError("this connection is in the middle of something")


def test_an_error_that_nobody_asked_for_stays_one() -> None:
    with pytest.raises(RuntimeError), stops_on_terminate():
        raise RuntimeError("a defect")


def test_the_handlers_from_before_are_back_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(RuntimeError), stops_on_terminate():
        raise RuntimeError
    assert signal.getsignal(signal.SIGTERM) is before
