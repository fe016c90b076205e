"""`python -m data.drawing OUT [--variations N --seed S]`: draws films and their truth.json into a folder."""

import json
from collections.abc import Iterable
from pathlib import Path

import click

from data.drawing.encode import stored_times, write_film
from data.drawing.sample_library import Sample, sample_library
from data.drawing.truth import FilmTruth, film_truth
from data.drawing.variations import variations


@click.command()
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--variations", "count", type=click.IntRange(1), help="Draw this many one-scene clips instead.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the variations.")
def main(out: Path, count: int | None, seed: int) -> None:
    """Draw the sample library, or random variations of its scenes, into the folder OUT."""
    draw(sample_library() if count is None else variations(count, seed), out)


def draw(samples: Iterable[Sample], out: Path) -> None:
    """Writes every film and, last, `truth.json` beside them."""
    out.mkdir(parents=True, exist_ok=True)
    truths: dict[str, FilmTruth] = {}
    for sample in samples:
        path = out / sample.file
        write_film(sample.film, path, sample.wrapping)
        truths[sample.file] = film_truth(sample.film, sample.wrapping, stored_times(path))
        click.echo(f"{sample.file}  {sample.film.frames} frames  {path.stat().st_size // 1024} KiB")
    text = json.dumps({"videos": truths}, indent=1, ensure_ascii=False)
    (out / "truth.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
