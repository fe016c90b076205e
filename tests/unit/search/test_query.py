"""Every text parses, and the parsed form says what was understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.domain import AtLeast, Facet, Filters
from indexer.search import parse
from indexer.search.query import Question, SearchQuery
from indexer.search.query.parsing import MOST_EXCLUDED, MOST_QUESTIONS, MOST_WORDS

FIELDS = frozenset({"place", "people", "Shot Date", "rights"})
PIECES = [
    *("a", "boat", '"', '"b c"', "-", "OR", "THEN", "AND", "or", "then", "THEN within 5s", "within", "30s", "2 min"),
    *(
        "sunris*",
        "su*",
        "camera:",
        "camera:pan",
        "-camera:",
        "place:",
        "x:y",
        "after:",
        "longer:",
        "1987",
        "April",
        "12",
    ),
    *("12.4.", "/", ".", "1987-04-12", "faces:2+", "has:speech", "in:", "  ", "*", ":", "\ud800", "\0", "½½½", "ſep"),
    *("ß", "(", "“", "shot_date:"),
]

anything = st.text(st.characters(codec=None), max_size=200)  # lone surrogates too
queries = st.lists(st.sampled_from(PIECES), max_size=14).flatmap(
    lambda some: st.sampled_from(["", " "]).map(lambda joint: joint.join(some))
)


def question(typed: str) -> Question:
    """The only question of a query."""
    query = parse(typed, FIELDS)
    [one] = query.questions
    return one


def told(query: SearchQuery) -> list[list[str]]:
    """The texts of each step's alternatives."""
    return [[one.text for one in step.alternatives] for step in query.steps]


class TestWords:
    def test_plain_words_rank(self) -> None:
        one = question("a boat  crosses the harbour")
        assert one == Question("a boat crosses the harbour")
        assert [token.stem for token in one.content] == ["boat", "cross", "harbour"]

    def test_phrases_and_exclusions(self) -> None:
        one = question('sunset "red boat" -night -"low tide"')
        assert one == Question("sunset red boat", phrases=("red boat",), excluded=("night", "low tide"))
        assert one.read_as == 'sunset "red boat" -night -"low tide"'

    @pytest.mark.parametrize(
        "typed", ["BT-0431 hand-held", "t-shirt", "well - known", "12-04", "http://x-y", "scene: 3"]
    )
    def test_a_hyphen_inside_a_word_excludes_nothing(self, typed: str) -> None:
        assert question(typed).excluded == ()
        assert parse(typed).filters == Filters()

    def test_only_stop_words_are_looked_up_as_they_are(self) -> None:
        assert [token.word for token in question("to be or not to be").content]

    @pytest.mark.parametrize("typed", ["“red boat”", "„red boat“", "«red boat»", '"red  boat"'])
    def test_typographic_quotes_are_quotes(self, typed: str) -> None:
        assert question(typed) == Question("red boat", phrases=("red boat",))

    def test_a_quotation_mark_alone_is_nothing(self) -> None:
        assert question('a 5" nail') == Question("a 5 nail")

    def test_prefixes(self) -> None:
        assert question("Sunris* at sea") == Question("at sea", prefixes=("sunris",))
        assert question("su* a*b").prefixes == ()
        assert parse("at sea sunris*").read_as == "at sea sunris*"

    def test_the_beginning_of_a_number(self) -> None:
        assert question("BT-043*") == Question("BT", prefixes=("043",))
        assert question("BT-04*").prefixes == ()
        assert parse("tape BT-1987/043*").read_as == "tape BT-1987 043*"
        assert question("a -BT-043*").excluded == ("BT-043*",)


class TestOperators:
    def test_alternatives_and_order(self) -> None:
        query = parse("a plane lands OR a jet THEN people wave THEN within 2m30s fire | smoke")
        assert told(query) == [["a plane lands", "a jet"], ["people wave"], ["fire", "smoke"]]
        assert [step.within_us for step in query.steps] == [None, None, 150_000_000]
        assert query.read_as == "a plane lands OR a jet THEN people wave THEN within 2m30s fire OR smoke"

    @pytest.mark.parametrize(
        "written", ["30s", "30 s", "30 seconds", "0.5min", "0.5 minutes", "30sec", "0h 0m 30s", "30S"]
    )
    def test_lengths_of_time(self, written: str) -> None:
        assert parse(f"a THEN within {written} b").steps[1].within_us == 30_000_000
        assert parse(f'longer:"{written}"').filters == Filters(longer_us=30_000_000)

    def test_without_a_unit_there_is_no_length_of_time(self) -> None:
        query = parse("a THEN within 30 boats")
        assert told(query) == [["a"], ["within 30 boats"]]
        assert query.steps[1].within_us is None

    def test_only_upper_case_operates(self) -> None:
        assert told(parse("to be or not and then some")) == [["to be or not and then some"]]
        assert told(parse('"this OR that" -THEN')) == [["this OR that"]]
        assert told(parse("a AND b")) == [["a b"]]

    def test_operators_with_nothing_to_operate_on_are_left_out(self) -> None:
        assert told(parse("OR a OR OR b THEN THEN c THEN OR")) == [["a", "b"], ["c"]]
        assert parse("THEN within 5s a").steps[0].within_us is None
        assert parse("OR") == parse("AND THEN") == parse("")

    def test_not_is_a_minus(self) -> None:
        assert parse("people NOT wave") == parse("people -wave")
        assert parse('people NOT "low tide" boat') == parse('people -"low tide" boat')
        assert question("people NOT").excluded == ()
        assert question("people not wave").excluded == ()

    @pytest.mark.parametrize("typed", ["-NgpK_zSYeg", "-a7bcd", " -Zq3 "])
    def test_a_name_that_begins_with_a_dash_is_looked_for_where_it_stands_alone(self, typed: str) -> None:
        name = typed.strip(" -")
        assert question(typed) == Question(name)
        assert question(f"boat {typed}").excluded == (name,)
        for excluding in (f'-"{name}"', f"NOT {name}"):
            query = parse(excluding)
            assert query.questions == (Question(excluded=(name,)),)
            assert parse(query.read_as) == query

    def test_what_is_excluded_is_so_from_all_of_its_step(self) -> None:
        query = parse("cats -night OR dogs THEN rain -snow")
        assert [one.excluded for one in query.questions] == [("night",), ("night",), ("snow",)]
        assert parse("cats THEN -night") == parse("cats -night")
        assert parse("-night THEN cats") == parse("cats -night")
        assert parse("cats OR -night") == parse("cats -night")
        assert question("-night") == Question(excluded=("night",))


class TestFilters:
    @pytest.mark.parametrize(
        ("typed", "filters"),
        [
            ('in:"My folder/day 1"', Filters(folder="My folder/day 1")),
            ("folder:a in:b", Filters(folder="b")),
            ("after:2024-01", Filters(recorded_from="2024-01")),
            ("after:1987 after:12.4.1987", Filters(recorded_from="1987-04-12")),
            ("before:1987 before:1987-04", Filters(recorded_to="1987-04")),
            ('on:"April 1987"', Filters(recorded_from="1987-04", recorded_to="1987-04")),
            ("date:19870412", Filters(recorded_from="1987-04-12", recorded_to="1987-04-12")),
            ("longer:30s longer:10", Filters(longer_us=30_000_000)),
            ("shorter:2m30s shorter:1h", Filters(shorter_us=150_000_000)),
            ("camera:pan camera:static", Filters(facets=(Facet("camera", "pan"), Facet("camera", "static")))),
            ("Shot:close-up color:red", Filters(facets=(Facet("shot", "close-up"), Facet("colour", "red")))),
            ("faces:2+ faces:1", Filters(facets=(Facet("faces", "1"),), at_least=(AtLeast("faces", 2),))),
            ("tags:goal", Filters(facets=(Facet("tag", "goal"),))),
            ("-camera:pan -faces:2+", Filters(without=(Facet("camera", "pan"), Facet("faces", "2+")))),
            ("by:human", Filters(written_by="human")),
            ("by:Machine", Filters(written_by="machine")),
            ("has:speech has:text", Filters(has=("speech", "screen_text"))),
            ("has:description has:caption", Filters(has=("description", "caption"))),
            ('people:"Ana Sousa"', Filters(facets=(Facet("people", "Ana Sousa"),))),
            ("shot_date:1999", Filters(facets=(Facet("Shot Date", "1999"),))),
        ],
    )
    def test_they_are_taken_out_of_the_words(self, typed: str, filters: Filters) -> None:
        query = parse(f"a boat {typed} at sea", FIELDS)
        assert (told(query), query.filters) == ([["a boat at sea"]], filters)
        assert parse(" ".join(query.typed_filters), FIELDS).filters == filters
        assert query.read_as == " ".join(["a boat at sea", *query.typed_filters])

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("longer:soon", "longer soon"),
            ('after:"last week"', "after last week"),
            ("after:1987-13-01", "after 1987-13-01"),
            ("has:everything", "has everything"),
            ("by:me", "by me"),
            ("reel:BT-0431", "reel:BT-0431"),
            ("scene: take 3", "scene: take 3"),
            ("http://example.org 12:30", "http://example.org 12:30"),
            ("camera: pan", "camera: pan"),
        ],
    )
    def test_what_is_no_filter_is_plain_words(self, typed: str, words: str) -> None:
        assert parse(typed, FIELDS) == SearchQuery(parse(words).steps)
        assert parse(typed, FIELDS).read_as == words

    def test_names_are_those_the_library_knows(self) -> None:
        assert parse("place:Lisbon", FIELDS).filters == Filters(facets=(Facet("place", "Lisbon"),))
        assert parse("place:Lisbon").filters == Filters()

    def test_they_hold_for_every_step(self) -> None:
        query = parse("a camera:pan THEN b has:speech")
        assert told(query) == [["a"], ["b"]]
        assert query.typed_filters == ("has:speech", "camera:pan")


class TestDates:
    @pytest.mark.parametrize(
        "typed",
        ["12 April 1987", "April 12, 1987", "12.4.1987", "12/04/1987", "19870412", "12th of April 1987", "1987-04-12"],
    )
    def test_they_stand_as_they_are_stored(self, typed: str) -> None:
        one = question(f"boats, {typed} at sea")
        assert one.text == "boats, 1987-04-12 at sea"
        assert [token.stem for token in one.content] == ["boat", "19870412", "sea"]

    def test_a_phrase_that_is_a_date(self) -> None:
        assert question('"12 April 1987"') == Question("1987-04-12", phrases=("1987-04-12",))

    @pytest.mark.parametrize("typed", ["VID_19870412_1012.mp4", "31.2.1987", "in 1987", "may people sit", "BT-1987-04"])
    def test_what_is_none_stays(self, typed: str) -> None:
        assert question(typed).text == typed


class TestTotality:
    @given(st.one_of(anything, queries))
    def test_what_was_read_reads_the_same_again(self, typed: str) -> None:
        query = parse(typed, FIELDS)
        assert parse(query.read_as, FIELDS) == query
        for one in query.questions:
            assert len({token.stem for token in one.content}) == len(one.content)
            assert "\0" not in one.text
            assert "".join(part.text for part in one.parts).replace(" ", "") == one.text.replace(" ", "")

    @given(queries)
    def test_several_steps_have_something_to_look_for_each(self, typed: str) -> None:
        query = parse(typed, FIELDS)
        questions = query.questions if len(query.steps) > 1 else ()
        assert all(one.text or one.prefixes for one in questions)

    @pytest.mark.parametrize(
        "piece", ["x ", '"', "a OR ", "-x ", "camera:x", "1.2.1987", "April ", "'8", "THEN ", "a_", ": "]
    )
    def test_very_long_texts_are_cut(self, piece: str) -> None:
        query = parse(piece * (100_000 // len(piece)), FIELDS)
        assert parse(query.read_as, FIELDS) == query
        assert len(query.questions) <= MOST_QUESTIONS
        assert sum(len(one.text.split()) for one in query.questions) <= MOST_WORDS
        assert all(len(one.excluded) <= MOST_EXCLUDED for one in query.questions)
