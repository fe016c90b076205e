"""`shotlist verify`: do the store, the files, the pictures and the indexes agree?"""

from collections import Counter
from dataclasses import dataclass, field

import click

from indexer.bootstrap import open_library
from indexer.cli.json_lines import print_line, verify_line
from indexer.cli.printing import printable
from indexer.cli.session import EXIT_ERROR, as_json, pass_settings, talk
from indexer.library import Checked, Finding
from indexer.settings import Settings

_SHOWN = 20  # of one kind


@click.command("verify")
@click.option("--repair", is_flag=True, help="Mend what needs no person, and queue what workers can make again.")
@as_json
@pass_settings
def command(repair: bool, json: bool, settings: Settings) -> int:
    """Check that what the library holds agrees with itself and with the disk. Nothing is changed without --repair.

    Work may go on meanwhile; what is being worked on is no finding. Exits with 1 when something is wrong.
    """
    library = open_library(settings)
    mender = library.care.repair() if repair else None
    summary = _Summary()
    for told in library.care.verify():
        mended = mender.mend(told) if mender and isinstance(told, Finding) else None
        if json:
            print_line(verify_line(told, mended=mended))
        summary.note(told, mended=mended)
    queued = mender.finish() if mender else 0
    if not json:
        summary.print()
    if queued:
        talk(f"{queued} units of work are queued; make them with: shotlist worker")
    talk(summary.sentence(repaired=repair))
    return EXIT_ERROR if summary.unmended else 0


@dataclass
class _Summary:
    """Counts everything, keeps some of each kind to show."""

    shown: dict[str, list[Finding]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    unmended: int = 0

    def note(self, told: Finding | Checked, *, mended: bool | None) -> None:
        if isinstance(told, Checked):
            talk(f"checked: {told.count} {told.what}" + "".join(f"; {remark}" for remark in told.remarks))
            return
        self.counts[told.kind] += 1
        self.unmended += not mended
        listed = self.shown.setdefault(told.kind, [])
        if len(listed) < _SHOWN:
            listed.append(told)

    def print(self) -> None:
        for kind, findings in self.shown.items():
            click.echo(f"{kind} ({self.counts[kind]}); {findings[0].mend}")
            for one in findings:
                click.echo(f"  {printable(one.subject)}: {printable(one.message)}")
            if self.counts[kind] > len(findings):
                click.echo(f"  and {self.counts[kind] - len(findings)} more: shotlist verify --json")

    def sentence(self, *, repaired: bool) -> str:
        if not self.counts:
            return "Nothing is wrong."
        found = f"{self.counts.total()} findings"
        return f"{found}, {self.counts.total() - self.unmended} of them mended." if repaired else f"{found}."
