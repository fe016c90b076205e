"""What in a query is read otherwise than it may have been meant is said."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.search.query import quoted, remark_on
from indexer.search.query.remarks import MOST_REMARKS

FIELDS = frozenset({"place"})


def said(asked: str) -> str:
    return " ".join(remark_on(asked, FIELDS))


def test_what_was_not_read_as_meant_is_said() -> None:
    assert "“after:” takes a date such as 1987" in said("after:yesterday goal")
    assert "“longer:” takes a length of time" in said("longer:much")
    assert "“-in:” is read as words" in said("-in:harbour boat")
    assert "“su*” is read as a word: the beginning of a word needs three letters" in said("su* at sea")
    assert "Brackets do not group" in said("(mayor OR plane) lands")
    assert "“director” is no filter and no field of this library" in said("director:Kubrick")
    assert "“-director:Kubrick” is read" not in said("mayor -director:Kubrick")
    assert "“director:Kubrick” is read as words" in said("mayor -director:Kubrick")
    assert "Only the first 250 words are read." in said("boat " * 251)
    assert "No more than 10 parts are read" in said(" OR ".join("abcdefghijk"))


def test_what_was_read_as_meant_needs_no_remark() -> None:
    plain = ["after:1987 goal", "sun* at sea", "(a mayor) lands", "mayor OR plane", "-camera:pan", "a: b", ""]
    plain += ["scene: take 3", "at 10:30", "https://a.b/c", "place:Lisbon", "boat " * 250, " THEN ".join("abcdefghij")]
    assert {text: said(text) for text in plain if said(text)} == {}


@given(st.text(max_size=300))
def test_any_text_has_few_and_whole_sentences(typed: str) -> None:
    told = remark_on(typed)
    assert len(told) <= MOST_REMARKS
    assert all(one.endswith(".") and len(one) < 300 for one in told)


@given(st.text())
def test_a_quotation_is_short_and_in_one_line(text: str) -> None:
    assert len(quoted(text)) <= 43
    assert len(quoted(text).splitlines()) == 1
