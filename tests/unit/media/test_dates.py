"""Dates in all the ways files write them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.media.probing.dates import iso_date

zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1971, 1, 3), datetime(2100, 1, 1), timezones=st.one_of(st.none(), zones)).map(
    lambda moment: moment.replace(microsecond=0)
)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2021-08-07T12:13:14+0200", "2021-08-07T12:13:14+02:00"),
        ("2021-08-07T12:13:14.000000Z", "2021-08-07T12:13:14Z"),
        ("2021-08-07T12:13:14.120Z", "2021-08-07T12:13:14.12Z"),
        ("2021-08-07 12:13", "2021-08-07T12:13:00"),
        ("2021:08:07 12:13:14", "2021-08-07T12:13:14"),
        ("2005/08/17/ 11:42", "2005-08-17T11:42:00"),
        ("2005-08-17/ 11:42", "2005-08-17T11:42:00"),
        ("20210807T121314Z", "2021-08-07T12:13:14Z"),
        ("20210807", "2021-08-07"),
        ("Mon Mar 10 15:04:43 2003", "2003-03-10T15:04:43"),
        (" 1902 ", "1902"),
        ("2021-08", "2021-08"),
        ("1904", "1904"),
    ],
)
def test_forms(written: str, iso: str) -> None:
    assert iso_date(written) == iso


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "0000-00-00",
        "2021-13-01",
        "2021-02-30",
        "2021-08-07T25:00:00",
        "12:13:14",
        "2021-08-07T12:13:14+99:00",
    ],
)
def test_what_is_no_date(written: str) -> None:
    assert iso_date(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "1970-01-01",
        "1904-01-01T00:00:00Z",
        "1970-01-01T01:00:00+0100",
        "1969-12-31T19:00:00-05:00",
        "1970-01-01 00:00:07",
    ],
)
def test_where_clocks_begin_is_no_date(written: str) -> None:
    assert iso_date(written) is None


@given(moments)
def test_iso_dates_stay_what_they_are(moment: datetime) -> None:
    iso = iso_date(moment.isoformat())
    assert iso is not None
    assert datetime.fromisoformat(iso) == moment
    assert iso_date(iso) == iso


@given(moments)
def test_all_forms_of_a_moment_agree(moment: datetime) -> None:
    plain = moment.replace(tzinfo=None)
    expected = plain.isoformat()
    month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][plain.month - 1]
    assert iso_date(f"{plain:%Y:%m:%d %H:%M:%S}") == expected
    assert iso_date(f"{plain:%Y%m%d%H%M%S}") == expected
    assert iso_date(f"Sun {month} {plain.day:2} {plain:%H:%M:%S %Y}") == expected


@given(st.text(max_size=40))
def test_any_text_gives_a_date_or_none(text: str) -> None:
    iso = iso_date(text)
    assert iso is None or iso_date(iso) == iso


@given(st.dates(date(1971, 1, 3)))
def test_days(day: date) -> None:
    assert iso_date(day.isoformat()) == day.isoformat()
    assert iso_date(datetime(day.year, day.month, day.day, tzinfo=UTC).isoformat()) == f"{day.isoformat()}T00:00:00Z"
