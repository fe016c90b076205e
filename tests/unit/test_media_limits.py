"""What one file may cost is a setting, from the environment to the child that decodes."""

import pytest
from pydantic import ValidationError

from indexer.bootstrap import media_limits
from indexer.media import Limits
from indexer.settings import Settings


def test_without_settings_they_are_the_limits_of_the_media_room() -> None:
    assert media_limits(Settings()) == Limits()


def test_the_environment_sets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOTLIST_MAX_PIXELS", "1000000")
    monkeypatch.setenv("SHOTLIST_DECODE_MEMORY_GB", "1.5")
    monkeypatch.setenv("SHOTLIST_STALL_SECONDS", "90")
    assert media_limits(Settings()) == Limits(max_pixels=1_000_000, memory_bytes=3 << 29, stall_s=90)


@pytest.mark.parametrize("field", ["max_pixels", "decode_memory_gb", "stall_seconds"])
def test_nonsense_is_told(field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        Settings.model_validate({field: 0})
