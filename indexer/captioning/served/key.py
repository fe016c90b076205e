"""The key that a server may want: from the environment only, and told to nobody but that server."""

import os
import re
from dataclasses import dataclass
from typing import Final

from indexer.errors import ComponentError

VARIABLES: Final = ("SHOTLIST_OPENAI_KEY", "OPENAI_API_KEY")  # the first that is set counts, also if it is empty

_KEY = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    text: str | None
    variable: str  # where it is from, or where it would be looked for

    def hide(self, words: str) -> str:
        """`words` without the key."""
        return words.replace(self.text, "[key]") if self.text else words

    def what_to_do(self) -> str:
        """Said of a server that does not let us in."""
        if self.text is None:
            return f"wants a key: put it into the variable {self.variable}"
        return f"does not accept the key in the variable {self.variable}: put the right one there"


def read_key() -> Key:
    """Raises `ComponentError`, which does not show it, where it cannot be a key."""
    for variable in VARIABLES:
        text = os.environ.get(variable)
        if text is None:
            continue
        text = text.strip()
        if text and not _KEY.fullmatch(text):
            raise ComponentError(f"what is in the variable {variable} is no key: keys hold no spaces and no accents")
        return Key(text or None, variable)
    return Key(None, VARIABLES[0])
