"""From a file to its frames, each at its time: all in order, or those shown at given times."""
