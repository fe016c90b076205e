"""What a user asks for as `--captioner`, in one lasting text that queue, library and workers hand on."""

from dataclasses import dataclass
from typing import Final

from indexer.errors import ComponentError

_BUDGET: Final = "?tokens_per_second="
_SERVED: Final = "openai:"


@dataclass(frozen=True, slots=True)
class CaptionerName:
    """`measured`, `auto`, a short name, a hub name, a folder, or `openai:MODEL@BASE_URL`; and the vision tokens it may
    spend on a second of video, where that is asked for."""

    name: str
    tokens_per_second: float | None = None

    @classmethod
    def read(cls, text: str) -> "CaptionerName":
        """Raises `ComponentError` where the number of tokens is none."""
        name, found, number = text.partition(_BUDGET)
        if not found:
            return cls(name)
        try:
            budget = float(number)
        except ValueError:
            budget = 0.0
        if not 0 < budget < 1e6:
            raise ComponentError(f"{number!r} is no number of vision tokens a second; give one such as 88")
        return cls(name, budget)

    def __str__(self) -> str:
        return self.name if self.tokens_per_second is None else f"{self.name}{_BUDGET}{self.tokens_per_second:g}"

    @property
    def is_served(self) -> bool:
        """It writes on a server that speaks the OpenAI protocol."""
        return self.name.startswith(_SERVED)


def server_of(text: str) -> str | None:
    """Where a captioner that is named so writes, as `scheme://host:port`; None where that is no server."""
    name = CaptionerName.read(text)
    if not name.is_served:
        return None
    from indexer.captioning.served.address import read_address

    return read_address(name.name).place
