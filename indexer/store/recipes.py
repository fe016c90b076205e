"""Recipes by name and by row; which captions every video is to have."""

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from indexer.domain import Recipe
from indexer.store.row_lists import insert_new, texts_in
from indexer.store.tables import RecipeTable

HUMAN = Recipe("human")
"""The recipe, and the layer, of what a person wrote. It comes before every other."""
MEASURED = "measured"
"""The captioner whose texts are the first of every video, and what is searched where there are no others."""


def recipe_rows(tx: Session, recipes: Iterable[Recipe]) -> dict[Recipe, int]:
    """{recipe: its row}, entered where they are new."""
    wanted = sorted(set(recipes))
    found = _known(tx, wanted)
    if len(found) < len(wanted):
        insert_new(tx, RecipeTable, [{"name": name} for name in wanted if name not in found])
        found = _known(tx, wanted)
    return found


def want(tx: Session, recipe: Recipe, *, captioner: str) -> list[Recipe]:
    """Note that every video is to have captions by `recipe`, and what its captioner is called. What is searched stays
    as it is. Returns the recipes this captioner wrote by before, if they were wanted: it writes by them no more."""
    note_captioner(tx, recipe, captioner)
    tx.execute(update(RecipeTable).where(RecipeTable.name == recipe).values(wanted=True))
    before = (RecipeTable.captioner == captioner, RecipeTable.name != recipe, RecipeTable.wanted)
    given_up = [Recipe(name) for name in tx.execute(select(RecipeTable.name).where(*before)).scalars()]
    tx.execute(update(RecipeTable).where(*before).values(wanted=False))
    return given_up


def note_captioner(tx: Session, recipe: Recipe, captioner: str) -> None:
    """Note what the captioner of a recipe is called."""
    row = recipe_rows(tx, [recipe])[recipe]
    tx.execute(update(RecipeTable).where(RecipeTable.row == row).values(captioner=captioner))


def unwant(tx: Session, recipe: Recipe) -> None:
    """Ask for no more captions by `recipe`; those that are there stay."""
    tx.execute(update(RecipeTable).where(RecipeTable.name == recipe).values(wanted=False))


def wanted(tx: Session) -> list[tuple[Recipe, str]]:
    """The recipes that every video is to have captions by, each with the name of its captioner, in order of entry."""
    query = select(RecipeTable.name, RecipeTable.captioner).where(RecipeTable.wanted).order_by(RecipeTable.row)
    return [(Recipe(name), captioner) for name, captioner in tx.execute(query) if captioner is not None]


def captioner_of(tx: Session, recipe: Recipe) -> str | None:
    """What the captioner of a recipe is called, where that was noted."""
    noted = tx.execute(select(RecipeTable.captioner).where(RecipeTable.name == recipe)).scalar()
    return MEASURED if noted is None and is_measured(recipe) else noted


def is_measured(recipe: Recipe) -> bool:
    """Whether it is of the captioner `measured`, in whatever version."""
    return recipe.split("/")[0] == MEASURED


def lock_choice(tx: Session) -> None:
    """Let nobody write captions, edits or segmentations until this transaction ends: they choose by what is preferred.

    On PostgreSQL each of them holds a key of a recipe (foreign keys do that), and waits here; SQLite has one writer.
    """
    tx.execute(select(RecipeTable.row).order_by(RecipeTable.row).with_for_update())


def hold_choice(tx: Session) -> int:
    """The row of `HUMAN`; what is preferred stays as it is until this transaction ends."""
    row = recipe_rows(tx, [HUMAN])[HUMAN]
    held = select(RecipeTable.row).where(RecipeTable.row == row).with_for_update(read=True, key_share=True)
    return tx.execute(held).scalar_one()


def _known(tx: Session, names: list[Recipe]) -> dict[Recipe, int]:
    query = select(RecipeTable.name, RecipeTable.row).where(RecipeTable.name.in_(texts_in(tx, names)))
    return {Recipe(name): row for name, row in tx.execute(query)}
