"""Training of the standard shot detector: its generated edits, its fitting, its trial."""
