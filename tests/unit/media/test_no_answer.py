"""A disk that does not answer is no verdict on its files; one that forbids them is."""

import errno
import os

import pytest

from indexer.errors import MediaFailed, MediaRefused
from indexer.media.finding.sniff import unreadable


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.ETIMEDOUT])
def test_no_answer_may_be_tried_again(number: int) -> None:
    told = unreadable(OSError(number, os.strerror(number)))
    assert isinstance(told, MediaFailed)
    assert told.reason == "no_answer"
    assert os.strerror(number) in told.message


@pytest.mark.parametrize(("number", "reason"), [(errno.EACCES, "unreadable"), (errno.ENOENT, "missing")])
def test_a_no_is_a_no(number: int, reason: str) -> None:
    told = unreadable(OSError(number, os.strerror(number)))
    assert isinstance(told, MediaRefused)
    assert told.reason == reason
