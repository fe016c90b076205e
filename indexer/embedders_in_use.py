"""Which embedders a library is searched by and which of them are on this machine; `bootstrap` hands them on."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from indexer.embedding import Embedder, ImageEmbedder, make_embedder, make_image_embedder
from indexer.errors import ComponentError
from indexer.ingest.workbench import Beside
from indexer.settings import Settings
from indexer.store import Database, spaces, vector_checks
from indexer.store.spaces import Chosen

Made = TypeVar("Made", Embedder, ImageEmbedder)

DEFAULT_EMBEDDER = "minilm"
NO_EMBEDDER = "none"


@dataclass(frozen=True, slots=True)
class AskedEmbedders:
    """The embedders that somebody asks for; None: the library's own."""

    texts: tuple[str, Embedder] | None
    pictures: tuple[str, ImageEmbedder] | None
    no_pictures: bool  # let pictures have no vectors any more
    device: str

    @classmethod
    def read(cls, settings: Settings) -> "AskedEmbedders":
        """Raises `ComponentError` for what is not on this machine."""
        texts, pictures = settings.embedder, settings.image_embedder
        no_pictures = pictures == NO_EMBEDDER
        return cls(
            (_lasting_name(texts), make_embedder(texts, device=settings.device)) if texts else None,
            (_lasting_name(pictures), make_image_embedder(pictures, device=settings.device))
            if pictures and not no_pictures
            else None,
            no_pictures,
            settings.device,
        )

    def note(self, database: Database) -> None:
        """Let the library be searched by them, at once or when they are complete."""
        with database.read() as tx:
            is_new = spaces.in_use(tx, "texts") is None
            there = vector_checks.spaces(tx) if is_new else {}
        texts = [self.texts] if self.texts else []
        if is_new and (not texts or there):  # a library from before embedders were noted has vectors by the default one
            texts.insert(0, (DEFAULT_EMBEDDER, make_embedder(DEFAULT_EMBEDDER, device=self.device)))
        if not (texts or self.pictures or self.no_pictures):
            return
        with database.write() as tx:
            for name, embedder in texts:
                spaces.choose(tx, "texts", Chosen(name, embedder.space), dimension=embedder.dimension)
            if self.pictures:
                name, seeing = self.pictures
                spaces.choose(tx, "pictures", Chosen(name, seeing.space), dimension=seeing.dimension)
            if self.no_pictures:
                spaces.forget(tx, "pictures")


def told_of_another(database: Database, asked: str | None) -> str | None:
    """For people who open a library with an embedder (`asked`) that its texts are not searched by: what they are
    searched by, and what to do."""
    with database.read() as tx:
        used, comes = spaces.in_use(tx, "texts"), spaces.coming(tx, "texts")
    if asked is None or used is None or used.embedder == _lasting_name(asked):
        return None
    if comes and comes.embedder == _lasting_name(asked):
        far = "shotlist recipes tells how far it is"
        return f"Texts are searched by {used.embedder} until {asked} has read as many; {far}."
    return f"Texts are searched by {used.embedder}; to have {asked} read them: shotlist worker --embedder {asked}"


class EmbeddersInUse:
    """The embedders that a library names, made when they are first needed. Asked again, it looks again: others may have
    taken their place."""

    def __init__(
        self, database: Database, device: str, *, first: str | None = None, made: AskedEmbedders | None = None
    ) -> None:
        """`first`: of texts, where the library names none; `made`: those that are loaded already."""
        self._database = database
        self._first = first or DEFAULT_EMBEDDER
        self._known = dict([made.texts] if made and made.texts else [])
        self._texts: Callable[[str], Embedder] = cache(partial(make_embedder, device=device))
        self._pictures: Callable[[str], ImageEmbedder] = cache(partial(make_image_embedder, device=device))

    def texts(self) -> Embedder:
        """What texts are searched by. Raises `ComponentError` where it is not here, or not what it was."""
        with self._database.read() as tx:
            used = spaces.in_use(tx, "texts")
        if used is None:
            return self._texts(self._first)
        return self._made(used)

    def texts_here(self) -> Embedder:
        """As `texts`, or the one that is to take its place where that alone is here."""
        try:
            return self.texts()
        except ComponentError:
            with self._database.read() as tx:
                comes = spaces.coming(tx, "texts")
            if comes is None:
                raise
            return self._made(comes)

    def pictures(self, name: str) -> ImageEmbedder:
        """What pictures are searched by, which users call `name`. Raises as `texts` does."""
        with self._database.read() as tx:
            used = [one for one in spaces.chosen(tx, "pictures") if one.embedder == name]
        return self._seeing(used[0]) if used else self._pictures(name)

    def beside(self) -> tuple[Beside, list[str]]:
        """What vectors are made by besides, as far as that is on this machine; and, for people, what is not."""
        with self._database.read() as tx:
            comes, seeing = spaces.coming(tx, "texts"), spaces.chosen(tx, "pictures")
        texts: dict[str, Callable[[], Embedder]] = {}
        pictures: dict[str, ImageEmbedder] = {}
        lacking = []
        for one in [comes] if comes else []:
            try:
                self._made(one)
                texts[one.space] = partial(self._made, one)
            except ComponentError as error:
                lacking.append(f"texts get no vectors by {one.embedder} here: {error}")
        for one in seeing:
            try:
                pictures[one.space] = self._seeing(one)
            except ComponentError as error:
                lacking.append(f"pictures get no vectors by {one.embedder} here: {error}")
        return Beside(texts, pictures), lacking

    def _made(self, one: Chosen) -> Embedder:
        known = self._known.get(one.embedder)
        return _as_chosen(known or self._texts(one.embedder), one, "--embedder")

    def _seeing(self, one: Chosen) -> ImageEmbedder:
        return _as_chosen(self._pictures(one.embedder), one, "--image-embedder")


def _as_chosen(made: Made, one: Chosen, option: str) -> Made:
    """Vectors of another space would never meet those of the library."""
    if made.space != one.space:
        raise ComponentError(
            f"the embedder {one.embedder!r} is {made.space} now; the library's vectors are by {one.space}. Put its "
            f"files back, or have vectors made by what it is now: shotlist worker {option} {one.embedder}"
        )
    return made


def _lasting_name(name: str) -> str:
    """A model's folder by its whole path, so that it is found from wherever the library is opened."""
    return str(Path(name).expanduser().absolute()) if Path(name).expanduser().is_dir() else name
