"""One command each: prints a table, writes JSON. Never part of the test run."""
