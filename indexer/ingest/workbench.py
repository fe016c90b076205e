"""What the steps of an ingest work with: the library, and the captioners, detector and embedder in use."""

import math
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from indexer.captioning import Captioner
from indexer.domain import Need
from indexer.embedding import Embedder, ImageEmbedder
from indexer.errors import ComponentAway, ComponentError
from indexer.library_folder import LibraryFolder
from indexer.store import Database
from indexer.store.recipes import MEASURED
from indexer.store.spaces import SORTS, Sort

AWAY_S = 30.0
"""How long what is away or missing is left alone before it is looked for again."""


_EMBEDDERS = tuple(f"{sort} " for sort in SORTS)


def need_of(captioner: str) -> Need:
    return "cpu" if captioner == MEASURED else "model"


def needed_embedder(sort: Sort, space: str) -> str:
    """What a unit asks for, in place of a captioner, that gives vectors of this space."""
    return f"{sort} {space}"


class Captioners:
    """Captioners by the names users call them, each made once."""

    def __init__(self, make: Callable[[str], Captioner]) -> None:
        self._make = make
        self._made: dict[str, Captioner] = {}
        self._missing: dict[str, tuple[ComponentError, float]] = {}  # and until when that is not asked again
        self._making: dict[str, Lock] = {}
        self._lock = Lock()
        self._foretold: set[str] = set()
        self._foretelling = Lock()

    def use(self, name: str, captioner: Captioner) -> None:
        """`name` stands for this one."""
        with self._lock:
            self._made[name] = captioner

    def named(self, name: str) -> Captioner:
        """Raises `ComponentError` where it is not on this machine or was not just now, or was found unfit before."""
        with self._lock:
            making = self._making.setdefault(name, Lock())  # one a name: making may load a model or ask a server
        with making:
            with self._lock:
                error, until = self._missing.get(name, (None, 0.0))
                if error is not None and time.monotonic() < until:
                    raise error
                if name in self._made:
                    return self._made[name]
            try:
                captioner = self._make(name)
            except ComponentError as error:
                self._note(name, error, for_s=AWAY_S)
                raise
            self.use(name, captioner)
            return captioner

    def foretell(self, name: str) -> str:
        """How long its captions will take, for people, once; empty where that was said or is not worth saying."""
        with self._foretelling:
            if name in self._foretold:
                return ""
            self._foretold.add(name)
            return self.named(name).foretell()

    @property
    def ready(self) -> list[str]:
        """Those that were found on this machine so far."""
        with self._lock:
            return sorted(self._made)

    def here(self, names: Iterable[str]) -> list[str]:
        """Those of `names` that can be used on this machine."""
        return [name for name in names if self._is_here(name)]

    def is_set_aside(self, name: str) -> bool:
        """Whether it was found unfit or away, and is not to be asked again now."""
        with self._lock:
            return time.monotonic() < self._missing.get(name, (None, 0.0))[1]

    def set_aside(self, name: str, error: ComponentError) -> None:
        """Note that a captioner proved unfit, or away, when it was used."""
        self._note(name, error, for_s=AWAY_S if isinstance(error, ComponentAway) else math.inf)

    def _note(self, name: str, error: ComponentError, *, for_s: float) -> None:
        with self._lock:
            self._missing[name] = (error, time.monotonic() + for_s)

    def _is_here(self, name: str) -> bool:
        try:
            self.named(name)
        except ComponentError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Beside:
    """What gives vectors on this machine besides the embedder that texts are searched by, each by its space: the one
    that is to take its place, and those of pictures."""

    texts: Mapping[str, Callable[[], Embedder]] = field(default_factory=dict)
    pictures: Mapping[str, ImageEmbedder] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """As units ask for them."""
        of_texts = [needed_embedder("texts", space) for space in self.texts]
        return of_texts + [needed_embedder("pictures", space) for space in self.pictures]


@dataclass(frozen=True, slots=True)
class Workbench:
    folder: LibraryFolder
    database: Database
    detector: str
    captioners: Captioners
    embedder: Callable[[], Embedder]
    spool_bytes: int = 10**10  # that all spools may take together; 0: none are made
    embedding: Lock = field(default_factory=Lock)  # held while an embedder works: it serves one thread at a time
    beside: Beside = field(default_factory=Beside)

    @property
    def text_embedders(self) -> list[Callable[[], Embedder]]:
        """Those that every new text gets vectors by."""
        return [self.embedder, *self.beside.texts.values()]

    @property
    def ready(self) -> list[str]:
        """What units may ask for that was found on this machine so far."""
        return sorted({*self.captioners.ready, *self.beside.names})

    def here(self, names: Iterable[str]) -> list[str]:
        """Those captioners and embedders, as units ask for them, that can be used on this machine."""
        asked = list(names)
        embedders = [name for name in self.beside.names if name in asked and not self.captioners.is_set_aside(name)]
        others = [name for name in asked if not name.startswith(_EMBEDDERS)]
        return [*self.captioners.here(others), *embedders]
