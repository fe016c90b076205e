"""Settings -> a working `Library` or `Ingester`: the only place that chooses implementations."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Literal, TypeVar

from indexer import media, vector_index
from indexer.captioning import CaptionerChoice, CaptionerName, choose_captioner, server_of
from indexer.embedders_in_use import DEFAULT_EMBEDDER, NO_EMBEDDER, AskedEmbedders, EmbeddersInUse
from indexer.embedding import make_embedder
from indexer.errors import ComponentAway, LibraryError
from indexer.ingest import Captioners, Ingester, Workbench, default_lanes
from indexer.ingest.importing.importer import Importer
from indexer.library import Library
from indexer.library_folder import LibraryFolder
from indexer.settings import Settings
from indexer.store import Database, Transaction, open_database, schema_state, spaces
from indexer.store import settings as stored
from indexer.store.permissions import permit_server, permitted_servers

T = TypeVar("T")

DEFAULT_CAPTIONER = "measured"


def open_library(settings: Settings) -> Library:
    """The library to read from. Raises `LibraryError` when there is none yet or it cannot be used."""
    folder = _folder(settings)
    if settings.database is None and not folder.database_file.exists():
        raise LibraryError(f"there is no library in {folder.root}; make one with: shotlist add FOLDER")
    media.use_limits(media_limits(settings))
    database = open_database(database_url(settings), purpose="read")
    in_use = EmbeddersInUse(database, settings.device, first=settings.embedder)
    return Library(
        folder=folder,
        database=database,
        make_embedder=in_use.texts,
        writable=cache(partial(open_database, database_url(settings), purpose="write")),
        make_image_embedder=in_use.pictures,
    )


def open_ingester(
    settings: Settings, *, captioner: str | None = None, elsewhere: Literal["as permitted", "permit"] = "as permitted"
) -> Ingester:
    """What adds footage to the library, which it makes where there is none.

    `captioner` None: the one the library was begun with. `elsewhere`: permit from now on that footage is sent to the
    captioner's server, where that is another machine. Raises `ComponentError` when the captioner is not on this
    machine, its server is not permitted, or FAISS is not installed.
    """
    vector_index.require_faiss()  # before any work is done of which vectors are to be made
    folder = _folder(settings)
    place = server_of(captioner) if captioner and elsewhere == "permit" else None

    def choose(name: str) -> CaptionerChoice:
        permitted = _permitted(settings) | ({place} if place else set())  # now: another program may have been told
        return choose_captioner(name, permitted=permitted, requests=settings.requests, device=settings.device)

    asked_for = choose(captioner) if captioner else None  # what is not here is told before anything is made
    chosen = AskedEmbedders.read(settings)
    media.use_limits(media_limits(settings))
    folder.create()
    database = open_database(database_url(settings), purpose="write")
    if place:
        with database.write() as tx:
            permit_server(tx, place)
    recorded = _recorded_captioner(database, captioner or DEFAULT_CAPTIONER)
    captioners = Captioners(lambda name: choose(name).captioner)
    name = _lasting_name(captioner) if captioner else recorded
    try:
        choice = asked_for or choose(recorded)
        captioners.use(name, choice.captioner)
        note = choice.note
    except ComponentAway as error:  # there is other work, and it may come back
        captioners.set_aside(name, error)
        note = str(error)
    chosen.note(database)
    in_use = EmbeddersInUse(database, settings.device, made=chosen)
    beside, lacking = in_use.beside()
    bench = Workbench(
        folder,
        database,
        settings.detector,
        captioners,
        cache(in_use.texts_here),
        int(settings.spool_gb * 1e9),
        beside=beside,
    )
    note = "; ".join([note, *lacking])
    return Ingester(bench, name, note, lanes=settings.lanes or default_lanes())


def open_importer(settings: Settings, *, purpose: Literal["write", "check"] = "write") -> Importer:
    """What enters texts that were written elsewhere into the library, which it makes where there is none. For a check
    nothing is made. Raises `ComponentError` where FAISS is not installed, which a check does without."""
    folder = _folder(settings)
    if purpose == "check":
        state = schema_state(database_url(settings))
        is_there = state.current == state.head
        default = partial(make_embedder, DEFAULT_EMBEDDER)  # a check embeds nothing
        return Importer(folder, open_database(database_url(settings), purpose="read") if is_there else None, default)
    vector_index.require_faiss()
    asked = AskedEmbedders.read(settings)
    folder.create()
    database = open_database(database_url(settings), purpose="write")
    asked.note(database)
    return Importer(folder, database, cache(EmbeddersInUse(database, settings.device, made=asked).texts))


def named_embedders(settings: Settings) -> tuple[str, str | None]:
    """What texts and pictures are embedded by: as asked for, else as the library remembers it."""
    texts = settings.embedder or _told_by_library(settings, partial(_name_of, sort="texts"))
    pictures = settings.image_embedder or _told_by_library(settings, partial(_name_of, sort="pictures"))
    return texts or DEFAULT_EMBEDDER, None if pictures == NO_EMBEDDER else pictures


def _name_of(tx: Transaction, *, sort: spaces.Sort) -> str | None:
    used = spaces.in_use(tx, sort)
    return used.embedder if used else None


def media_limits(settings: Settings) -> media.Limits:
    """What reading one file may use."""
    return media.Limits(
        memory_bytes=int(settings.decode_memory_gb * (1 << 30)),
        stall_s=settings.stall_seconds,
        max_pixels=settings.max_pixels,
    )


def database_url(settings: Settings) -> str:
    return settings.database or f"sqlite:///{_folder(settings).database_file}"


def _recorded_captioner(database: Database, first: str) -> str:
    """The captioner this library was begun with; `first` is recorded where it is begun now."""
    with database.read() as tx:
        recorded = stored.get(tx, "captioner")
    if recorded is None:
        recorded = _lasting_name(first)
        with database.write() as tx:
            stored.put(tx, "captioner", recorded)
    return recorded


def _permitted(settings: Settings) -> frozenset[str]:
    """None where there is no library yet, or one of an earlier version: that knew no permissions."""
    return _told_by_library(settings, permitted_servers) or frozenset()


def _told_by_library(settings: Settings, read: Callable[[Transaction], T]) -> T | None:
    """None where there is no library yet, or one of an earlier version."""
    state = schema_state(database_url(settings))
    if state.current != state.head:
        return None
    database = open_database(database_url(settings), purpose="read")
    try:
        with database.read() as tx:
            return read(tx)
    finally:
        database.close()


def _lasting_name(captioner: str) -> str:
    """A model's folder by its whole path, so that the next `add` finds it from wherever it is typed."""
    name = CaptionerName.read(captioner)
    return str(replace(name, name=str(Path(name.name).absolute()))) if Path(name.name).is_dir() else captioner


def _folder(settings: Settings) -> LibraryFolder:
    return LibraryFolder(settings.library.expanduser().absolute())
