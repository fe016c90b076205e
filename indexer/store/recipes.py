"""Recipes by name and by row."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from indexer.domain import Recipe
from indexer.store.row_lists import insert_new, texts_in
from indexer.store.tables import RecipeTable

HUMAN = Recipe("human")
"""The recipe, and the layer, of what a person wrote. It comes before every other."""


def recipe_rows(tx: Session, recipes: Iterable[Recipe]) -> dict[Recipe, int]:
    """{recipe: its row}, entered where they are new."""
    wanted = sorted(set(recipes))
    found = _known(tx, wanted)
    if len(found) < len(wanted):
        insert_new(tx, RecipeTable, [{"name": name} for name in wanted if name not in found])
        found = _known(tx, wanted)
    return found


def _known(tx: Session, names: list[Recipe]) -> dict[Recipe, int]:
    query = select(RecipeTable.name, RecipeTable.row).where(RecipeTable.name.in_(texts_in(tx, names)))
    return {Recipe(name): row for name, row in tx.execute(query)}
