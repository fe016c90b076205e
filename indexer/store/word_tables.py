"""The published index of words, and what became of the texts it is of."""

from sqlalchemy.orm import Mapped, mapped_column

from indexer.store.tables import Base, RowNumber


class WordGenerationTable(Base):
    """A published index of the words of all texts of segments, as they were at the number `seq` of changes."""

    __tablename__ = "word_generation"
    row: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    seq: Mapped[int]
    file: Mapped[str]
    count: Mapped[int]
    bytes: Mapped[int]
    sha256: Mapped[str]


class TextChangeTable(Base):
    """One line for each time a segment's text came, changed or went: written by triggers, numbered in the order of
    commits. The newest is never deleted, so that no number comes twice."""

    __tablename__ = "text_change"
    row: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    segment_row: Mapped[int] = mapped_column(RowNumber)
