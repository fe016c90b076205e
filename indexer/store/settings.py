"""What a library remembers about itself: settings by name, and whose captions are searched first."""

from typing import Literal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from indexer.domain import Recipe
from indexer.store.active_texts import refresh_all_active_texts
from indexer.store.recipes import is_measured, lock_choice, recipe_rows
from indexer.store.row_lists import insert_into
from indexer.store.tables import RecipeTable, SettingTable


def get(tx: Session, key: str) -> str | None:
    return tx.execute(select(SettingTable.value).where(SettingTable.key == key)).scalar()


def put(tx: Session, key: str, value: str) -> None:
    insertion = insert_into(tx, SettingTable).values(key=key, value=value)
    tx.execute(insertion.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


def drop(tx: Session, key: str) -> None:
    tx.execute(delete(SettingTable).where(SettingTable.key == key))


def preference(tx: Session) -> list[Recipe]:
    """The recipes whose captions are searched, the most preferred first. Of each segment the first caption counts."""
    query = select(RecipeTable.name).where(RecipeTable.preference.is_not(None)).order_by(RecipeTable.preference)
    return [Recipe(name) for name in tx.execute(query).scalars()]


def prefer(tx: Session, recipe: Recipe, *, place: Literal["first", "last"] = "first") -> None:
    """Move a recipe to the front of the preference, or enter it at the end where it is new: before the measured one,
    if that is the last, and after it only where it is another measured one. What is searched follows in the same
    transaction, and readers notice."""
    lock_choice(tx)
    before = preference(tx)
    after = _moved_first(before, recipe) if place == "first" else _entered(before, recipe)
    if after == before:
        return
    row_of = recipe_rows(tx, after)
    for number, name in enumerate(after):
        tx.execute(update(RecipeTable).where(RecipeTable.row == row_of[name]).values(preference=number))
    refresh_all_active_texts(tx)


def _moved_first(before: list[Recipe], recipe: Recipe) -> list[Recipe]:
    return [recipe, *(other for other in before if other != recipe)]


def _entered(before: list[Recipe], recipe: Recipe) -> list[Recipe]:
    if recipe in before:
        return before
    end = len(before) - 1 if before and is_measured(before[-1]) and not is_measured(recipe) else len(before)
    return [*before[:end], recipe, *before[end:]]
