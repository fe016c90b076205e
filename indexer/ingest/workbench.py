"""What the steps of an ingest work with: the library, and the captioners, detector and embedder in use."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Lock

from indexer.captioning import Captioner
from indexer.domain import Need
from indexer.embedding import Embedder
from indexer.errors import ComponentError
from indexer.library_folder import LibraryFolder
from indexer.store import Database
from indexer.store.recipes import MEASURED


def need_of(captioner: str) -> Need:
    return "cpu" if captioner == MEASURED else "model"


class Captioners:
    """Captioners by the names users call them, each made once."""

    def __init__(self, make: Callable[[str], Captioner]) -> None:
        self._make = make
        self._made: dict[str, Captioner] = {}
        self._missing: dict[str, ComponentError] = {}
        self._lock = Lock()

    def use(self, name: str, captioner: Captioner) -> None:
        """`name` stands for this one."""
        with self._lock:
            self._made[name] = captioner

    def named(self, name: str) -> Captioner:
        """Raises `ComponentError` where it is not on this machine, or was found unfit before."""
        with self._lock:
            if name in self._missing:
                raise self._missing[name]
            if name not in self._made:
                try:
                    self._made[name] = self._make(name)
                except ComponentError as error:
                    self._missing[name] = error
                    raise
            return self._made[name]

    @property
    def ready(self) -> list[str]:
        """Those that were found on this machine so far."""
        with self._lock:
            return sorted(self._made)

    def here(self, names: Iterable[str]) -> list[str]:
        """Those of `names` that can be used on this machine."""
        return [name for name in names if self._is_here(name)]

    def set_aside(self, name: str, error: ComponentError) -> None:
        """Note that a captioner proved unfit when it was used."""
        with self._lock:
            self._missing[name] = error

    def _is_here(self, name: str) -> bool:
        try:
            self.named(name)
        except ComponentError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Workbench:
    folder: LibraryFolder
    database: Database
    detector: str
    captioners: Captioners
    embedder: Callable[[], Embedder]
    spool_bytes: int = 10**10  # that all spools may take together; 0: none are made
    embedding: Lock = field(default_factory=Lock)  # held while the embedder works: it serves one thread at a time
