"""Keyframes get vectors, at once or later, and are found by them; and one embedder takes another's place."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from indexer import media
from indexer.bootstrap import open_ingester, open_library
from indexer.domain import Need, Progress
from indexer.embedders_in_use import told_of_another
from indexer.errors import ComponentError
from indexer.ingest.pipeline import Ingester
from indexer.ingest.stages import KEYFRAME_SIDE
from indexer.library import Library
from indexer.search.nearest import NearestCaptions
from indexer.settings import Settings
from indexer.store import embeddings, spaces
from tests.fakes.small_library import SmallLibrary, small_library
from tests.fakes.tiny_image_models import write_clip, write_siglip
from tests.fakes.tiny_sentence_transformer import write_tiny_sentence_transformer

FILM = Path(__file__).resolve().parents[2] / "data" / "samples" / "city-by-night.mp4"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    write_clip(folder / "tiny-clip")
    write_siglip(folder / "tiny-siglip")
    write_tiny_sentence_transformer(folder, prompts={})
    return folder


@pytest.fixture
def known(tmp_path: Path) -> SmallLibrary:
    """A library of five segments with texts and pictures, whose footage cannot be read."""
    made = small_library(tmp_path)
    made.database.close()
    shutil.rmtree(made.footage)
    return made


def settings_of(tmp_path: Path, **given: str) -> Settings:
    return Settings(library=tmp_path / "library", device="cpu", **given)  # type: ignore[arg-type]


def work(settings: Settings, has: Sequence[Need] = ("cpu", "model")) -> Ingester:
    ingester = open_ingester(settings)
    ingester.work(has=has, watch=quietly, until="empty")
    return ingester


def quietly(_: Progress) -> None: ...


def shares(library: Library) -> dict[str, tuple[bool, float]]:
    return {Path(one.embedder).name: (one.searched, one.share) for one in library.texts.embedders()}


def paths_of_pictures(library: Library) -> list[str]:
    details = [detail for video in library.videos() for detail in library.segments(video.id)]
    return [picture.path for detail in details for picture in detail.keyframes]


def assert_each_finds_itself(library: Library, name: str) -> None:
    """Through what an ingest left: files, vectors, a published index."""
    paths = paths_of_pictures(library)
    assert len(paths) >= 2
    with library.database.read() as tx:
        used = spaces.in_use(tx, "pictures")
        assert used is not None
        assert Path(used.embedder).name == name
        assert embeddings.generation_ids(tx, used.space)
        embedder = library.make_image_embedder(used.embedder)
        for path in paths:
            pixels = media.decode_jpeg((library.folder.root / path).read_bytes(), longest_side=KEYFRAME_SIDE)
            vector = embedder.embed_pictures([pixels])[0]
            near = NearestCaptions(library.folder).find(tx, used.space, query=vector, k=len(paths))
            first, cosine = next(iter(near.items()))
            assert cosine == pytest.approx(1, abs=2e-3)  # an index may keep less than every bit
            kept = embeddings.vectors_of(tx, list(near))
            assert kept[first] @ vector == pytest.approx(max(one @ vector for one in kept.values()), abs=1e-4)
            assert len(kept) == len(paths)


def test_pictures_are_found_by_themselves(tmp_path: Path, models: Path) -> None:
    """From a film to its keyframes, their vectors and the index."""
    asked = settings_of(tmp_path, image_embedder=str(models / "tiny-clip"), detector="fixed")
    report = open_ingester(asked).add([FILM], watch=quietly)
    assert [file.state for file in report.files] == ["indexed"]
    library = open_library(settings_of(tmp_path))
    assert shares(library) == {"minilm": (True, 1.0), "tiny-clip": (True, 1.0)}
    assert all(video.complete for video in library.videos())
    assert_each_finds_itself(library, "tiny-clip")


def test_an_embedder_of_pictures_that_comes_later_reads_the_kept_pictures(
    tmp_path: Path, known: SmallLibrary, models: Path
) -> None:
    work(settings_of(tmp_path, image_embedder=str(models / "tiny-clip")))
    library = open_library(settings_of(tmp_path))
    assert_each_finds_itself(library, "tiny-clip")

    # another one takes its place when it has seen them all, and not before
    work(settings_of(tmp_path, image_embedder=str(models / "tiny-siglip")), has=["cpu"])  # pictures need a model
    assert shares(library) == {"minilm": (True, 1.0), "tiny-clip": (True, 1.0), "tiny-siglip": (False, 0.0)}
    work(settings_of(tmp_path))  # it is remembered
    assert shares(library) == {"minilm": (True, 1.0), "tiny-siglip": (True, 1.0)}
    assert_each_finds_itself(library, "tiny-siglip")

    work(settings_of(tmp_path, image_embedder="none"))
    assert shares(library) == {"minilm": (True, 1.0)}


def test_a_picture_that_is_broken_holds_nothing_up(tmp_path: Path, known: SmallLibrary, models: Path) -> None:
    library = open_library(settings_of(tmp_path))
    first, *_ = paths_of_pictures(library)
    (library.folder.root / first).write_bytes(b"no picture")
    work(settings_of(tmp_path, image_embedder=str(models / "tiny-clip")))
    assert shares(library)["tiny-clip"] == (True, 0.8)


def test_texts_are_searched_by_the_old_embedder_until_the_new_one_has_read_them(
    tmp_path: Path, known: SmallLibrary, models: Path
) -> None:
    work(settings_of(tmp_path))
    asked = settings_of(tmp_path, embedder=str(models / "tiny"))
    open_ingester(asked)
    library = open_library(asked)
    assert shares(library) == {"minilm": (True, 1.0), "tiny": (False, 0.0)}
    assert library.make_embedder().space.startswith("all-MiniLM")  # whatever was asked for
    told = told_of_another(library.database, asked.embedder)
    assert told is not None
    assert told.startswith("Texts are searched by minilm until")
    work(settings_of(tmp_path))
    assert shares(library) == {"tiny": (True, 1.0)}
    assert library.make_embedder().space.startswith("tiny@")
    assert told_of_another(library.database, asked.embedder) is None
    with library.database.read() as tx:
        assert embeddings.generation_ids(tx, library.make_embedder().space)  # its index is there too

    work(settings_of(tmp_path, embedder="minilm"))
    assert shares(library) == {"minilm": (True, 1.0)}


def test_an_embedder_that_is_not_what_it_was_is_told(tmp_path: Path, known: SmallLibrary, models: Path) -> None:
    model = Path(shutil.copytree(models / "tiny-clip", tmp_path / "mine"))
    work(settings_of(tmp_path, image_embedder=str(model)))
    config = model / "config.json"
    config.write_text(config.read_text() + "\n")
    with pytest.raises(ComponentError, match="files back, or have vectors made"):
        open_library(settings_of(tmp_path)).make_image_embedder(str(model))
    assert "pictures get no vectors" in work(settings_of(tmp_path)).note  # and other work goes on
    work(settings_of(tmp_path, image_embedder=str(model)))
    assert_each_finds_itself(open_library(settings_of(tmp_path)), "mine")


def test_a_model_that_is_not_here_is_told_before_a_library_is_made(tmp_path: Path) -> None:
    for given in ({"image_embedder": "/nowhere"}, {"embedder": "/nowhere"}):
        with pytest.raises(ComponentError, match="give"):
            open_ingester(settings_of(tmp_path, **given))
    assert not (tmp_path / "library").exists()
