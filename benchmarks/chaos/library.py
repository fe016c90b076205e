"""The library under test, as each process that takes part opens it, and the films that are queued to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from sqlalchemy import text

from indexer import media
from indexer.captioning import Captioner, make_captioner
from indexer.domain import Need
from indexer.ingest import Captioners, Ingester, Workbench, Worker
from indexer.library_folder import LibraryFolder
from indexer.store import Database, Transaction, open_database, upgrade_schema
from indexer.store import settings as stored
from indexer.store.jobs import Claim
from tests.fakes.captioners import TellingCaptioner
from tests.fakes.drawn_clips import draw_clip
from tests.fakes.embedders import HashEmbedder

CAPTIONERS: dict[str, Captioner] = {
    name: TellingCaptioner(version, seconds=0.05) for version, name in ((1, "telling 1"), (2, "telling 2"))
}
FIRST, LATER = CAPTIONERS
LANES = 2


@dataclass(frozen=True)
class ShortLeased(Ingester):
    """An ingester whose workers are soon thought dead."""

    lease_s: float = 2.0

    def worker(
        self,
        *,
        has: Sequence[Need] = ("cpu", "model"),
        left: Callable[[Claim], None] = lambda _: None,
        notice: Callable[[str], None] = lambda _: None,
    ) -> Worker:
        made = super().worker(has=has, left=left, notice=notice)
        made.lease_s, made.poll_s = self.lease_s, 0.1
        return made


@dataclass(frozen=True, slots=True)
class Place:
    """Where a library and its footage lie."""

    root: Path
    url: str

    @property
    def folder(self) -> LibraryFolder:
        return LibraryFolder(self.root / "library")

    @property
    def footage(self) -> Path:
        return self.root / "footage"

    def make(self) -> None:
        """An empty library that notes, by itself, each unit that comes to be done."""
        self.folder.create()
        self.footage.mkdir(exist_ok=True)
        upgrade_schema(self.url)
        database = self.open("write")
        with database.write() as tx:
            stored.put(tx, "captioner", FIRST)
            for statement in _NOTES[database.dialect]:
                tx.execute(text(statement))
        database.close()

    def open(self, purpose: Literal["read", "write"]) -> Database:
        return open_database(self.url, purpose=purpose)

    def ingester(self, *, lease_s: float = 60.0) -> ShortLeased:
        captioners = Captioners(make_captioner)
        for name, captioner in CAPTIONERS.items():
            captioners.use(name, captioner)
        bench = Workbench(self.folder, self.open("write"), "standard", captioners, HashEmbedder)
        return ShortLeased(bench, FIRST, "fake", lanes=LANES, lease_s=lease_s)

    def queue(self, ingester: Ingester, *, first: int, count: int) -> None:
        """Draw so many new films and ask for them, as `add` does: with the captioner the library has by now."""
        files = media.discover([draw_film(self.footage, number) for number in range(first, first + count)]).files
        while True:
            own = _captioner(ingester.bench.database)
            replace(ingester, captioner=own).queue(files, folders=[self.footage])
            if _captioner(ingester.bench.database) == own:  # else these were asked for with what is another's by now
                return


def _captioner(database: Database) -> str:
    with database.read() as tx:
        return stored.get(tx, "captioner") or FIRST


def draw_film(folder: Path, number: int) -> Path:
    """One to three shots of two seconds and a little, another film for each number."""
    shots = [52 + 3 * ((number + place) % 4) for place in range(1 + number % 3)]
    return draw_clip(folder / f"film {number:04}.mp4", seed=number, shots=shots)


def ends(tx: Transaction) -> dict[str, int]:
    """{key of a unit: how often it came to be done}."""
    rows = tx.execute(text("SELECT key, count(*) FROM chaos_end GROUP BY key"))
    return {str(key): int(count) for key, count in rows}


_TABLE = "CREATE TABLE chaos_end (key TEXT NOT NULL, epoch BIGINT NOT NULL)"
_NOTES = {
    "sqlite": (
        _TABLE,
        "CREATE TRIGGER chaos_ends AFTER UPDATE OF state ON work_unit "
        "WHEN NEW.state = 'done' AND OLD.state <> 'done' "
        "BEGIN INSERT INTO chaos_end VALUES (NEW.key, NEW.epoch); END",
    ),
    "postgresql": (
        _TABLE,
        "CREATE FUNCTION chaos_note() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN INSERT INTO chaos_end VALUES (NEW.key, NEW.epoch); RETURN NULL; END $$",
        "CREATE TRIGGER chaos_ends AFTER UPDATE OF state ON work_unit FOR EACH ROW "
        "WHEN (NEW.state = 'done' AND OLD.state <> 'done') EXECUTE FUNCTION chaos_note()",
    ),
}
