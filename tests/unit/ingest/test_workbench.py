"""Captioners by name: each made once; what is missing stays so, what is away is asked again after a while."""

import threading

import pytest

from indexer.captioning import Captioner
from indexer.errors import ComponentAway, ComponentError
from indexer.ingest import workbench
from indexer.ingest.workbench import Captioners
from tests.fakes.captioners import FakeCaptioner


class Shelf:
    """Makes captioners, or raises what it is told to; counts."""

    def __init__(self, *troubles: ComponentError) -> None:
        self.troubles = list(troubles)
        self.asked = 0

    def make(self, _name: str) -> Captioner:
        self.asked += 1
        if self.troubles:
            raise self.troubles.pop(0)
        return FakeCaptioner()


def test_each_is_made_once() -> None:
    shelf = Shelf()
    captioners = Captioners(shelf.make)
    assert captioners.named("model") is captioners.named("model")
    assert shelf.asked == 1


def test_what_is_missing_is_asked_for_once() -> None:
    shelf = Shelf(ComponentError("it is not here"))
    captioners = Captioners(shelf.make)
    for _ in range(3):
        with pytest.raises(ComponentError, match="not here"):
            captioners.named("model")
    assert captioners.here(["model"]) == []
    assert shelf.asked == 1


@pytest.mark.parametrize(("away_s", "asked", "here"), [(60.0, 1, []), (0.0, 2, ["server"])])
def test_what_is_away_is_looked_for_again(
    away_s: float, asked: int, here: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbench, "AWAY_S", away_s)
    shelf = Shelf(ComponentAway("its server does not answer"))
    captioners = Captioners(shelf.make)
    assert captioners.here(["server"]) == []
    assert captioners.here(["server"]) == here
    assert shelf.asked == asked


def test_what_proved_away_in_use_is_used_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    captioners = Captioners(Shelf().make)
    captioners.named("server")
    captioners.set_aside("server", ComponentAway("gone"))
    assert captioners.here(["server"]) == []
    monkeypatch.setattr("indexer.ingest.workbench.time.monotonic", lambda: 10.0**12)
    assert captioners.here(["server"]) == ["server"]


class Slow(FakeCaptioner):
    def foretell(self) -> str:
        return "about 9 s a segment"


def test_how_long_it_takes_is_said_once() -> None:
    captioners = Captioners(lambda _: Slow())
    assert [captioners.foretell("model") for _ in range(3)] == ["about 9 s a segment", "", ""]


def test_one_that_is_slow_to_make_holds_up_no_other() -> None:
    asked, answered = threading.Event(), threading.Event()

    def make(name: str) -> Captioner:
        if name == "slow":
            asked.set()
            assert answered.wait(10)
        return FakeCaptioner()

    captioners = Captioners(make)
    thread = threading.Thread(target=captioners.named, args=("slow",))
    thread.start()
    assert asked.wait(10)
    captioners.named("quick")
    assert captioners.ready == ["quick"]
    answered.set()
    thread.join()
    assert captioners.ready == ["quick", "slow"]


def test_what_proved_unfit_in_use_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    captioners = Captioners(Shelf().make)
    captioners.set_aside("model", ComponentError("it needs more memory than there is"))
    monkeypatch.setattr("indexer.ingest.workbench.time.monotonic", lambda: 10.0**12)
    assert captioners.here(["model"]) == []
