"""What the captions of a library say of the videos that references name."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from indexer.bootstrap import open_library
from indexer.cli.printing import printable
from indexer.domain import Recipe, Video
from indexer.evaluation.captions import Line, Reference, bare_name
from indexer.library import Library, SegmentDetail
from indexer.library_folder import LibraryFolder
from indexer.settings import Settings


@dataclass(frozen=True, slots=True)
class Writer:
    """One whose captions are compared."""

    name: str
    lines: Sequence[Line]


def open_if_any(settings: Settings, *, wanted: Literal["yes", "if there is one"]) -> Library | None:
    """None where no library was named and there is none in the usual place. Raises `LibraryError`."""
    named = wanted == "yes" or settings.database is not None or "library" in settings.model_fields_set
    if not named and not LibraryFolder(settings.library).database_file.exists():
        return None
    return open_library(settings)


def library_writers(
    library: Library, recipes: Sequence[str], references: Iterable[Reference], *, told: Callable[[str], None]
) -> list[Writer]:
    """The recipes that are asked for, else all that wrote something, with their captions of the videos named.

    A video that a recipe has not wholly captioned yet is none of its; one that several go by the name of is nobody's,
    and told. Raises `UsageError` for a recipe that is not there.
    """
    names = frozenset[str]().union(*(one.names for one in references))
    found = {video: _names(video) & names for video in library.videos()}
    several = {name for name, count in Counter(name for own in found.values() for name in own).items() if count > 1}
    for name in sorted(several):
        told(f"left out: several videos of the library are called {printable(name)}")
    wanted = _recipes(library, recipes)
    lines: dict[Recipe, list[Line]] = {recipe: [] for recipe in wanted}
    for video, own in found.items():
        if own and not own & several:
            details = library.segments(video.id)
            for recipe in wanted:
                lines[recipe] += _lines(sorted(own), details, recipe)
    return [Writer(printable(recipe), lines[recipe]) for recipe in wanted]


def _recipes(library: Library, asked: Sequence[str]) -> list[Recipe]:
    if asked:
        return list(dict.fromkeys(map(library.texts.recipe, asked)))
    return [one.recipe for one in library.texts.recipes() if one.segments]


def _names(video: Video) -> frozenset[str]:
    files = (location.relative_path for location in video.locations)
    return frozenset(map(bare_name, (video.id, video.title, *files)))


def _lines(names: Sequence[str], details: Sequence[SegmentDetail], recipe: Recipe) -> list[Line]:
    lines = []
    for detail in details:
        texts = [caption.text for caption in detail.captions if caption.recipe == recipe]
        if not texts or detail.segment.end_us is None:
            return []
        lines.append(Line(names[0], " ".join(" ".join(texts).split()), detail.segment.span, tuple(names[1:])))
    return lines
