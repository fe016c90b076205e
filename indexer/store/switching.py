"""Which recipe's captions are searched first, and the switch from one to another.

A recipe that is to take the lead once it is complete is noted as a setting, so that whoever ends its last unit can see
to it.
"""

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from indexer.domain import Recipe
from indexer.errors import UsageError
from indexer.store import settings
from indexer.store.coverage import COMING, coming, forgotten
from indexer.store.jobs import OPEN, Claim, forget_recipes, is_away
from indexer.store.recipes import captioner_of, is_measured, lock_choice, recipe_rows, unwant, want, wanted
from indexer.store.tables import CaptionTable, RecipeTable
from indexer.store.work_tables import WorkUnitTable as Unit


def switch_to(tx: Session, recipe: Recipe) -> None:
    """Search the captions of `recipe` first, and have new footage captioned by its captioner. What was searched first
    is no longer wanted, unless it is measured: that costs little, and comes before every other; nor is one that was on
    its way. What was still to be done by them is not. Going back is the same.

    Raises `UsageError` for a recipe that never wrote a caption.
    """
    lock_choice(tx)
    if not has_written(tx, recipe):
        raise UsageError(f"there are no captions by {recipe!r}; see: shotlist recipes")
    others = [other for other, _ in wanted(tx) if other != recipe and not is_measured(other)]
    for other in others:
        unwant(tx, other)
    forget_recipes(tx, others)
    captioner = captioner_of(tx, recipe)
    if captioner is not None:  # of recipes of long ago nobody knows it
        want(tx, recipe, captioner=captioner)
        settings.put(tx, "captioner", captioner)
    settings.drop(tx, COMING)
    settings.prefer(tx, recipe)


def switch_when_complete(tx: Session, recipe: Recipe) -> None:
    """Note that `recipe` is to be switched to when it is complete."""
    settings.put(tx, COMING, recipe)


def switch_if_complete(tx: Session, recipe: Recipe, *, but: Claim | None = None) -> bool:
    """Switch to `recipe` if it is the coming one and none of its units is open, less the one in hand, or still to be
    asked for. True: done.

    Units that failed, or wait for a share that is away, hold nothing up: their segments stay searched by what they
    have. A recipe of which nothing came is not switched to. Of two units that end at once, one sees the other: the
    recipe is locked.
    """
    if coming(tx) != recipe:
        return False
    row = recipe_rows(tx, [recipe])[recipe]
    tx.execute(select(RecipeTable.row).where(RecipeTable.row == row).with_for_update(key_share=True))
    still = [Unit.recipe == recipe, Unit.state.in_(OPEN), Unit.stage.in_(("captioning", "embedding")), ~is_away()]
    if but is not None:
        still.append(Unit.row != but.row)
    if tx.execute(select(func.count()).where(*still)).scalar_one() or not has_written(tx, recipe):
        return False
    if forgotten(tx, recipe):  # they are still to be asked for
        return False
    switch_to(tx, recipe)
    return True


def has_written(tx: Session, recipe: Recipe) -> bool:
    """Whether there is a caption by `recipe` that says something."""
    row = select(RecipeTable.row).where(RecipeTable.name == recipe).scalar_subquery()
    return bool(tx.execute(select(exists().where(CaptionTable.recipe_row == row, CaptionTable.text != ""))).scalar())
