"""Files -> rows: every format, odd and broken ones, and any bytes at all."""

import csv
import gzip
import io
import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import UsageError
from indexer.ingest.importing.bad_rows import BadRow
from indexer.ingest.importing.reading import read_rows
from indexer.ingest.importing.rows import Defaults, Row
from indexer.ingest.importing.text_files import FORMATS, Format, TextFile, decode, read_text_file

DEFAULTS = Defaults(author="import notes.csv")
WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)
ROWS = st.lists(st.fixed_dictionaries({"video": WORDS, "text": WORDS, "place": WORDS}), min_size=1, max_size=6)


def read(text: str, format: Format, name: str = "notes.csv") -> list[Row | BadRow]:
    return list(read_rows(TextFile(name, format, text), DEFAULTS))


def rows(text: str, format: Format, name: str = "notes.csv") -> list[Row]:
    found = read(text, format, name)
    assert [one for one in found if isinstance(one, BadRow)] == []
    return [one for one in found if isinstance(one, Row)]


def bad(text: str, format: Format) -> list[tuple[int, str]]:
    return [(one.line, one.reason) for one in read(text, format) if isinstance(one, BadRow)]


class TestTables:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_whatever_stands_between_the_cells(self, delimiter: str) -> None:
        table = "Video,TEXT,Place of Recording\na.mov,a cat,Paris\n".replace(",", delimiter)
        (row,) = rows(table, "csv")
        assert (row.video, row.text, row.fields, row.line) == ("a.mov", "a cat", {"place_of_recording": "Paris"}, 2)

    def test_lines_are_those_of_the_file(self) -> None:
        table = '\nvideo,text\na.mov,"two\nlines"\n\nb.mov,cat,too many\nc.mov,dog\n'
        assert [(one.line, one.text) for one in read(table, "csv") if isinstance(one, Row)] == [
            (3, "two lines"),
            (7, "dog"),
        ]
        assert bad(table, "csv") == [(6, "wrong_columns")]

    def test_a_quotation_mark_that_is_never_closed_is_told_where_it_begins(self) -> None:
        assert bad('video,text\na.mov,cat\nb.mov,"dog\nc.mov,bird\n', "csv") == [(3, "unreadable")]

    def test_a_quotation_mark_too_many_takes_no_other_row_with_it(self) -> None:
        table = 'video,text\na.mov,cat\nb.mov,"dog\nc.mov,bird\nd.mov,"a ""red"" fox"\ne.mov,cow\n'
        found = read(table, "csv")
        assert [(one.line, one.text) for one in found if isinstance(one, Row)] == [
            (2, "cat"),
            (4, "bird"),
            (5, 'a "red" fox'),
            (6, "cow"),
        ]
        (wrong,) = (one for one in found if isinstance(one, BadRow))
        assert (wrong.line, wrong.reason) == (3, "unreadable")
        assert "to line 5; line 4" in wrong.message

    def test_two_columns_of_one_name(self) -> None:
        with pytest.raises(UsageError, match=r"notes\.csv: two columns are called 'text'"):
            read("video,text,Text\n", "csv")

    @given(ROWS)
    def test_what_is_written_is_read(self, written: list[dict[str, str]]) -> None:
        table = io.StringIO()
        writer = csv.DictWriter(table, ["video", "text", "place"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(written)
        lines = "".join(json.dumps(one) + "\n" for one in written)
        for read_back in (rows(table.getvalue(), "csv"), rows(lines, "jsonl"), rows(json.dumps(written), "json")):
            assert [{"video": one.video, "text": one.text, **one.fields} for one in read_back] == written


class TestJson:
    def test_fields_lists_and_numbers(self) -> None:
        (row,) = rows(
            '{"Video": "a", "tags": ["x", "y, z"], "fields": {"People": ["A", "B"], "title": "T", "year": 1987}, '
            '"reel": null, "Rights": {"owner": "us"}}',
            "jsonl",
        )
        assert (row.title, row.tags) == ("T", ("x", "y", "z"))
        assert row.fields == {"people": "A; B", "year": "1987", "rights": '{"owner": "us"}'}

    def test_bad_lines_stop_nobody(self) -> None:
        lines = '{"video": "a"\n[1]\n\n{"video": "b", "text": "cat"}\n' + "[" * 100_000 + "\n"
        assert bad("{}\n" + lines, "jsonl") == [
            (1, "no_video"),
            (2, "unreadable"),
            (3, "unreadable"),
            (6, "unreadable"),
        ]

    def test_an_array_over_several_lines(self) -> None:
        assert [one.line for one in rows('[\n{"video": "a"},\n\n{"video":\n "b"}]', "json")] == [2, 4]
        assert bad('[{"video": "a"},\n{"video": "b"', "json") == [(2, "unreadable")]
        assert bad('[{"video": "a"},\n', "json") == [(2, "unreadable")]


class TestMeaning:
    def test_kinds(self) -> None:
        kinds = [row.kind for row in rows("video,kind\na,\na,Transcript\na,screen text\n", "csv")]
        assert kinds == ["description", "transcript", "screen_text"]
        assert bad("video,kind\na,poem\n", "csv") == [(2, "unknown_kind")]

    def test_who_says_so_and_in_what_language(self) -> None:
        one, other = rows("video,author,language\na,,\na,Zoë,fr\n", "csv")
        assert (one.author, one.language) == ("import notes.csv", "und")
        assert (other.author, other.language) == ("Zoë", "fr")

    def test_a_text_of_more_than_a_megabyte(self) -> None:
        assert bad(f"video,text\na,{'é' * 500_001}\nb,{'x' * 1_000_000}\n", "csv") == [(2, "too_long")]

    def test_characters_that_command_go(self) -> None:
        (row,) = rows('{"video": "a", "text": "one\\u0000\\u202e\\n two \\ud800"}', "jsonl")
        assert row.text == "one\ufffd two \ufffd"


class TestSubtitles:
    SRT = (
        "\ufeff1\r\n00:00:01,000 --> 00:00:04,500\r\n<i>Hello</i> there,\r\nfriend\r\n\r\n"
        "2\r\n00:00:04.000 --> 00:00:06.000 X1:1 X2:2\r\n{\\an8}- Who\r\n3\r\n00:00:07,000-->00:00:08,000\r\nMe\r\n"
    )
    VTT = (
        "WEBVTT - talk\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE\nnothing to see --> here\n\n"
        "intro\n00:01.000 --> 00:04.000 align:start position:0%\n<v Anna>Fish &amp; <00:02.000><c.loud>chips</c>\n\n"
        "00:03.000 --> 01:00:05.000\nover\nlapping\n"
    )

    def test_subrip(self) -> None:
        found = [(one.line, one.start, one.end, one.text) for one in rows(decode(self.SRT.encode(), "")[0], "srt")]
        assert found == [
            (2, "00:00:01,000", "00:00:04,500", "Hello there, friend"),
            (7, "00:00:04.000", "00:00:06.000", "- Who"),
            (10, "00:00:07,000", "00:00:08,000", "Me"),
        ]

    def test_webvtt(self) -> None:
        found = [(one.line, one.start, one.end, one.text) for one in rows(self.VTT, "vtt")]
        assert found == [
            (11, "00:01.000", "00:04.000", "Fish & chips"),
            (14, "00:03.000", "01:00:05.000", "over lapping"),
        ]

    @pytest.mark.parametrize(
        ("name", "video", "language"),
        [
            ("talk.srt", "talk", "und"),
            ("talk.en.srt", "talk", "en"),
            ("a.b.pt-BR.srt", "a.b", "pt-BR"),
            ("tape.0431.srt", "tape.0431", "und"),
        ],
    )
    def test_the_name_says_which_video_and_language(self, name: str, video: str, language: str) -> None:
        (row,) = rows("00:01 --> 00:02\nHi\n", "srt", name)
        assert (row.video, row.language, row.kind) == (video, language, "transcript")

    def test_what_is_no_subtitle(self) -> None:
        assert bad("1\nHello\n\n00:01 -> 00:02\n\n00:0x --> 00:02\nHi\n", "srt") == [
            (1, "unreadable"),
            (4, "unreadable"),
            (6, "bad_time"),
        ]


class TestFiles:
    def test_compressed_and_marked_and_old(self, tmp_path: Path) -> None:
        table = "video,text\na.mov,Zoë\n"
        for name, content in {
            "a.csv": table.encode("utf-8-sig"),
            "b.CSV.gz": gzip.compress(table.encode()),
            "c.csv": table.encode("utf-16"),
            "d.csv": table.encode("cp1252"),
        }.items():
            (tmp_path / name).write_bytes(content)
            file = read_text_file(tmp_path / name)
            assert [row.text for row in rows(file.text, file.format)] == ["Zoë"], name
            assert bool(file.notes) == (name == "d.csv")
        assert read_text_file(tmp_path / "b.CSV.gz").name == "b.CSV"

    def test_names_that_do_not_tell(self, tmp_path: Path) -> None:
        (tmp_path / "list.txt").write_text("video\na\n")
        with pytest.raises(UsageError, match="--format"):
            read_text_file(tmp_path / "list.txt")
        assert read_text_file(tmp_path / "list.txt", "csv").format == "csv"
        with pytest.raises(UsageError, match="--format"):
            read_text_file(Path("-"))
        with pytest.raises(UsageError, match="cannot be read"):
            read_text_file(tmp_path / "none.csv")

    @settings(max_examples=150)
    @given(st.binary(max_size=400), st.sampled_from(FORMATS))
    def test_any_bytes(self, content: bytes, format: Format) -> None:
        self._read(content, format)

    @settings(max_examples=150)
    @given(st.text("ab\"',;:\n\r\t[]{}\\-><0123456789.\0\x1c\u2028", max_size=120), st.sampled_from(FORMATS))
    def test_any_text(self, text: str, format: Format) -> None:
        self._read(f"video,text\n{text}".encode(), format)
        self._read(text.encode(), format)

    def _read(self, content: bytes, format: Format) -> None:
        """Either it is told what is wrong with the file, or each row is read or told."""
        found: list[Row | BadRow] = []
        with suppress(UsageError):
            text, _ = decode(content, "file")
            found = list(read_rows(TextFile("file", format, text), DEFAULTS))
        for one in found:
            assert 1 <= one.line <= len(content) + 1
