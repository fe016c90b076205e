"""The command line. One file a command: parse, one call, print. Data on stdout, talk on stderr."""

import importlib

import click

from indexer.cli.session import Session, pass_settings

COMMANDS = {
    "add": "Index footage: files, or folders with all that is in them.",
    "import": "Take over descriptions, subtitles and metadata that are there already.",
    "search": "Find moments by words, names or a description.",
    "similar": "Find moments like one of the library, or like a picture.",
    "worker": "Work what is queued, beside other workers if there are any.",
    "watch": "Index what comes into folders, as it comes.",
    "videos": "List the videos of the library.",
    "segments": "List the segments of one video with their captions.",
    "edit": "Write a text for a segment; it stays through every re-captioning.",
    "reject": "Hide the text a segment is searched by.",
    "undo": "Take back the last edit of a segment.",
    "history": "Say what people did to the texts of a segment.",
    "recipes": "List what writes captions, and switch from one to another.",
    "recaption": "Let another captioner write about the library.",
    "models": "List, fetch and try out models that write captions.",
    "status": "Say what the library holds, and how the work on it goes.",
    "failures": "List what could not be done, and why.",
    "retry": "Take up again what failed.",
    "pause": "Let all work on the library hold still.",
    "resume": "Let the work go on.",
    "priority": "Let the work for some videos go before, or after, the rest.",
    "roots": "List the registered folders, or say where one is now.",
    "fixity": "Keep hashes of whole files, and compare files with them.",
    "verify": "Check that store, files, pictures and indexes agree.",
    "reindex": "Make what is searched anew from the store.",
    "remove": "Forget a video. Its files are never touched.",
    "serve": "Open the library in a browser.",
    "probe": "Say what files are, as far as their first pictures tell.",
    "shots": "Say where the shots of a file begin, without a library.",
    "evaluate": "Compare shots, captions and search with what people say of the same footage.",
    "doctor": "Check what Shotlist needs, and say which parts it uses.",
    "db": "Look after the database of the library.",
}


_FILES = {"import": "import_texts"}  # of commands that Python would not have as names


class Commands(click.Group):
    """Loads a command's file only when it is used, so that `--help` and quick commands start at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"indexer.cli.{_FILES.get(cmd_name, cmd_name)}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="shotlist-video", prog_name="shotlist")
def shotlist() -> None:
    """Find every second of a footage library by words, names or meaning.

    Begin with `shotlist add FOLDER`, then `shotlist search "..."`, or `shotlist serve` for the browser.
    """


def main() -> None:
    """The `shotlist` program: errors a person can mend are one line on stderr and exit code 1."""
    Session(shotlist).run()


__all__ = ["main", "pass_settings", "shotlist"]
