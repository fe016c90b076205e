"""Dates in any usual form; and what looks like one and is none."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.store import words
from indexer.store.dates import find_dates, read_date

DAYS = st.dates(date(1800, 1, 1), date(2199, 12, 31))
FORMS = (
    *("{0:%Y}-{0:%m}-{0:%d}", "{0:%Y}{0:%m}{0:%d}", "{0:%Y}/{0:%m}/{0:%d}", "{0.day}.{0.month}.{0:%Y}"),
    *("{0.day}. {0.month}. {0:%Y}", "{0:%d}/{0:%m}/{0:%Y}", "{0.day} {0:%B} {0:%Y}", "{0.day} {0:%b} {0:%Y}"),
    *("{0:%B} {0.day}, {0:%Y}", "{0:%b}. {0.day}th {0:%Y}", "{0:%Y} {0:%B} {0.day}", "{0.day}-{0:%b}-{0:%Y}"),
    "{0.day}th of {0:%B} {0:%Y}",
)


@given(DAYS, st.sampled_from(FORMS), st.sampled_from(FORMS))
def test_every_form_of_a_day_finds_every_other(day: date, one: str, other: str) -> None:
    stored, asked = one.format(day), other.format(day)
    assert read_date(asked) == day.isoformat()
    assert [found.iso for found in find_dates(f"shot on {stored}, at sea")] == [day.isoformat()]
    [token] = words.dated_tokens(asked)
    indexed = words.index_text(f"shot on {stored}, at sea").split()
    assert token.stem in indexed
    assert words.dated_tokens(f"{day:%Y-%m}")[0].stem in indexed
    assert f"{day:%Y}" in indexed


@given(DAYS, st.sampled_from(["{0:%B} {0:%Y}", "{0:%b}. {0:%Y}", "{0:%Y}-{0:%m}", "{0:%m}/{0:%Y}", "{0:%B}, {0:%Y}"]))
def test_months(day: date, form: str) -> None:
    assert read_date(form.format(day)) == f"{day:%Y-%m}"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("4/25/1987", "1987-04-25"),  # no 25th month
        ("12/4/87", "1987-04-12"),
        ("12/4/05", "2005-04-12"),
        ("12 Apr '05", "2005-04-12"),
        ("12 Apr 87", "1987-04-12"),
        ("VID_19870412_101112.mp4", "1987-04-12"),
        ("1987-04-12T10:00:00", "1987-04-12"),
        ("19870412T101112", "1987-04-12"),
    ],
)
def test_less_usual_forms(text: str, iso: str) -> None:
    assert [one.iso for one in find_dates(text)] == [iso]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "31.2.1987",
            "1987-13-01",
            "0000-01-01",
            "9999-01-01",
            "0/0/1987",
            "2019-20",
            "192.168.10.1999",
            "10.12.2003.4",
        ),
        *("in 1987", "may people sit", "4 May 12 boats", "3 Mark 1999", "BT-1987-04", "A19870412", "12:30", "½ 1987"),
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert find_dates(text) == []


def test_a_year_alone_is_a_date_where_one_is_asked_for() -> None:
    assert (read_date("1987"), read_date("0431"), read_date("in 1987")) == ("1987", None, None)


@given(st.text(st.one_of(st.sampled_from("0123456789/.-' aprilmyK"), st.characters(codec=None))))
def test_any_text_can_be_read(text: str) -> None:
    end_before = 0
    for one in find_dates(text):
        assert end_before <= one.start < one.end <= len(text)
        assert read_date(one.iso) == one.iso
        end_before = one.end
    for token in words.dated_tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        assert words.is_token(token.stem)
