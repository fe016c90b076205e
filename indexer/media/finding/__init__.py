"""Which files there are, and which one a file is: without decoding any of it."""
