"""What an earlier program's texts are searched by after an upgrade, on SQLite and on a real PostgreSQL server."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from indexer.store import fulltext, open_database, upgrade_schema
from indexer.store.engine import parse_url
from indexer.store.schema import alembic_config

LIBRARY_OF_0005 = (
    "INSERT INTO video (row, id, kind, title, duration_us, width, height, rotation, codec, pixel_format, container, "
    "complete, added_at) VALUES (1, 'v1', 'file', 'Harbour 21 June 2024', 9000000, 640, 360, 0, 'h264', 'yuv420p', "
    "'mov', true, '2024-01-01')",
    "INSERT INTO video_text (video_row, tokens, words, trigrams) VALUES (1, 'harbour', 'harbour', '·ha')",
    "INSERT INTO recipe (row, name) VALUES (1, 'model/1')",
    "INSERT INTO segmentation (row, video_row, recipe_row, origin, active) VALUES (1, 1, 1, 'detected', true)",
    "INSERT INTO segment (row, id, video_row, start_us, end_us) VALUES (1, 's1', 1, 0, 4000000)",
    "INSERT INTO segmentation_segment (segmentation_row, segment_row, ordinal, beside) VALUES (1, 1, 0, false)",
    "INSERT INTO caption (row, segment_row, recipe_row, ordinal, text, language, source, rejected, written_at) "
    "VALUES (1, 1, 1, 0, 'a pier on 3 May 1987', 'en', '', false, '2024-01-01')",
    "INSERT INTO segment_text (segment_row, caption_row, text, tokens, words) "
    "VALUES (1, 1, 'a pier on 3 May 1987', 'a pier', 'a pier')",
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'library.db'}"
    return str(request.getfixturevalue("postgres_url"))


def test_names_and_texts_of_an_earlier_program_are_found_by_their_dates(empty_url: str) -> None:
    from alembic import command

    with create_engine(parse_url(empty_url)).begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        for statement in LIBRARY_OF_0005:
            connection.execute(text(statement))
    upgrade_schema(empty_url)
    database = open_database(empty_url, purpose="read")
    with database.read() as tx:
        assert fulltext.phrase_videos(tx, "2024-06-21") == [1]
        assert fulltext.phrase_segments(tx, "1987-05-03").tolist() == [1]
        assert [row for row, _ in fulltext.match_segments(tx, ["19870503"], limit=5, allowed=None)] == [1]
    database.close()
