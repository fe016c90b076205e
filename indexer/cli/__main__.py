"""`python -m indexer.cli`: the same as `shotlist`."""

from indexer.cli import main

main()
