"""Which models there are: the ones known by a short name, those on this machine, and how one gets here. Looks at files
alone: nothing here reads weights or runs a model."""
