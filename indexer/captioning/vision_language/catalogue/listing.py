"""All models one can name: the known ones, and the further ones of the local hub cache."""

from dataclasses import dataclass

from indexer.captioning.vision_language.catalogue.architectures import PICTURE_FAMILIES
from indexer.captioning.vision_language.catalogue.finding import ModelSource, cached_snapshot, check_folder
from indexer.captioning.vision_language.catalogue.installed import best_installed, installed_models
from indexer.captioning.vision_language.catalogue.known import KNOWN, KnownModel, known_model
from indexer.captioning.vision_language.families import VIDEO_FAMILIES
from indexer.errors import ComponentError


@dataclass(frozen=True, slots=True)
class ListedModel:
    hub: str
    known: KnownModel | None
    here: ModelSource | None  # None: it cannot be used offline
    problem: str | None = None  # what is wrong with what is here of it
    is_auto: bool = False  # `--captioner auto` takes it


def list_models(device: str) -> list[ListedModel]:
    """Known ones first, in their order. Nothing is downloaded; torch is imported only if `auto` has a choice."""
    best = best_installed(device)
    taken = best.name if best else None
    listed = [_of_known(model, taken) for model in KNOWN]
    for source in installed_models():
        if known_model(source.name) is None and source.family in VIDEO_FAMILIES | PICTURE_FAMILIES:
            listed.append(ListedModel(source.name, None, source, is_auto=source.name == taken))
    return listed


def _of_known(model: KnownModel, taken: str | None) -> ListedModel:
    snapshot = cached_snapshot(model.hub)
    if snapshot is None:
        return ListedModel(model.hub, model, None)
    try:
        here = check_folder(snapshot, name=model.hub, revision=snapshot.name)
    except ComponentError as error:
        return ListedModel(model.hub, model, None, problem=str(error))
    return ListedModel(model.hub, model, here, is_auto=model.hub == taken)
