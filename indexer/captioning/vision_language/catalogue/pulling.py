"""Downloading a model into the local hub cache, because a person asked for it: the only file that uses the network."""

import errno
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from indexer.captioning.vision_language.catalogue.architectures import require_architecture
from indexer.captioning.vision_language.catalogue.finding import (
    ModelSource,
    cache_folder,
    find_model,
    read_config,
    why_no_weights,
)
from indexer.captioning.vision_language.catalogue.known import hub_name
from indexer.errors import ComponentError

_KINDS: Final = (".safetensors", ".json", ".jinja", ".txt", ".model")
_SPARE: Final = 200_000_000  # bytes of the disk that are left free


class HubFile(NamedTuple):
    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What the hub has of a model."""

    name: str
    revision: str
    licence: str | None
    files: tuple[HubFile, ...]  # that would be downloaded

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


def pull_model(name: str, *, begun: Callable[[Offer], None], endpoint: str | None = None) -> ModelSource:
    """Download the weights (safetensors only) and the small files of a model, but no code; go on where a download was
    cut short. `begun` is told what comes before it comes. `endpoint` is the hub's URL; None: HF_ENDPOINT's.

    Raises `ComponentError`, saying what to do, where there is no such model, the hub cannot be reached or wants a
    login, the disk is too small, or the model could not be used; that is asked before its weights are downloaded.
    """
    from huggingface_hub import snapshot_download

    hub = hub_name(name)
    cached = cache_folder(hub)
    with _told_clearly(hub):
        offer = _look(hub, endpoint)
        _require_use(offer, endpoint)
        _require_disk(offer, cached)
        begun(offer)
        snapshot_download(hub, allow_patterns=[file.name for file in offer.files], endpoint=endpoint)
    return find_model(hub)


def _look(hub: str, endpoint: str | None) -> Offer:
    from huggingface_hub import HfApi

    info = HfApi(endpoint=endpoint).model_info(hub, files_metadata=True)
    sizes = {file.rfilename: file.size or 0 for file in info.siblings or []}
    wanted = sorted(file for file in sizes if _is_wanted(file))
    if not any(file.endswith(".safetensors") for file in wanted):
        raise ComponentError(why_no_weights(sizes, hub))
    licence = getattr(info.card_data, "license", None)
    files = tuple(HubFile(file, sizes[file]) for file in wanted)
    return Offer(hub, info.sha or "", str(licence) if licence else None, files)


def _is_wanted(file: str) -> bool:
    """Folders, and files called so, hold the weights once more, in layouts of other programs."""
    return "/" not in file and file.endswith(_KINDS) and not file.startswith("consolidated")


def _require_use(offer: Offer, endpoint: str | None) -> None:
    """Refuse what could not be loaded before gigabytes of it have come."""
    from huggingface_hub import hf_hub_download

    file = Path(hf_hub_download(offer.name, "config.json", revision=offer.revision, endpoint=endpoint))
    require_architecture(read_config(file.parent, offer.name), name=offer.name)


def _require_disk(offer: Offer, cached: Path) -> None:
    blobs = cached / "blobs"
    here = sum(file.stat().st_size for file in blobs.glob("*")) if blobs.is_dir() else 0
    place = next(folder for folder in cached.parents if folder.is_dir())
    free, needed = shutil.disk_usage(place).free, max(0, offer.bytes - here) + _SPARE
    if needed > free:
        raise ComponentError(
            f"{offer.name!r} takes {needed / 1e9:.1f} GB on the disk, and {free / 1e9:.1f} GB are free in {place}; "
            "free some, or set HF_HOME to a folder on a larger disk"
        )


@contextmanager
def _told_clearly(hub: str) -> Iterator[None]:
    """Raise the hub's errors as `ComponentError`, saying what to do."""
    from huggingface_hub import errors

    try:
        yield
    except errors.GatedRepoError:
        raise ComponentError(
            f"the makers of {hub!r} want its licence to be accepted: do that on its page, then run: hf auth login"
        ) from None
    except errors.RepositoryNotFoundError:
        raise ComponentError(
            f"there is no model {hub!r} on the hub, or it is private: mind the spelling, or run: hf auth login"
        ) from None
    except errors.EntryNotFoundError as error:
        if isinstance(error, errors.LocalEntryNotFoundError):
            raise _unreachable(hub, error) from error
        raise ComponentError(f"{hub!r} is laid out in another way than models are: it has no config.json") from None
    except errors.HfHubHTTPError as error:
        raise ComponentError(f"the hub would not give {hub!r}: {_one_line(error)}; try again later") from error
    except errors.OfflineModeIsEnabled:
        raise ComponentError(
            f"{hub!r} cannot be downloaded while HF_HUB_OFFLINE is set; unset it, and try again"
        ) from None
    except errors.HTTPError as error:  # type: ignore[attr-defined]  # of whichever library the hub's client is built on
        raise _unreachable(hub, error) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ComponentError(
                f"the disk is full; free some of it, and go on with: shotlist models pull {hub}"
            ) from None
        raise _unreachable(hub, error) from error


def _unreachable(hub: str, error: Exception) -> ComponentError:
    return ComponentError(
        f"the hub cannot be reached ({_one_line(error)}); where this machine has no network, pull {hub!r} on another "
        "one, and give the path of a copy of its folder"
    )


def _one_line(error: Exception) -> str:
    """What went wrong underneath, where that is known."""
    cause = error.__cause__ or error
    return " ".join(str(cause).split())[:200] or type(cause).__name__
