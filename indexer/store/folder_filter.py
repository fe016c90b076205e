"""Which videos have files below a folder of a given name or path."""

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from indexer.store.row_lists import rows_in
from indexer.store.tables import LocationTable, RootTable
from indexer.store.words import fold


def videos_below(tx: Session, folder: str) -> Select[int]:
    """Rows of the videos with a file below a folder of this name or path, or in a root of this name. Case and
    diacritics do not count.

    Names are compared here and not in SQL, where it depends on the database which letters have a capital.
    """
    wanted = f"/{fold(folder).strip('/')}/"
    whole: list[int] = []
    others: dict[int, str] = {}
    for row, name, path in tx.execute(select(RootTable.row, RootTable.name, RootTable.path_text)):
        above = fold(path).rstrip("/") + "/"
        if wanted in above or fold(name) == fold(folder):
            whole.append(row)
        else:
            others[row] = above
    places = or_(
        LocationTable.root_row.in_(rows_in(tx, whole)), LocationTable.row.in_(rows_in(tx, _below(tx, others, wanted)))
    )
    return select(LocationTable.video_row).where(places)


def _below(tx: Session, roots: dict[int, str], wanted: str) -> list[int]:
    """Rows of the places in these roots ({row: folded path}) with `wanted` in the path of their folder."""
    query = select(LocationTable.row, LocationTable.root_row, LocationTable.relative_text)
    folders: dict[tuple[int, str], bool] = {}
    found = []
    for row, root, text in tx.execute(query.where(LocationTable.root_row.in_(rows_in(tx, roots)))):
        folder = text.rpartition("/")[0]
        if (root, folder) not in folders:
            folders[root, folder] = wanted in f"{roots[root]}{fold(folder)}/"
        if folders[root, folder]:
            found.append(row)
    return found
