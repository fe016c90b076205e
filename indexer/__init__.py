"""Shotlist's engine: from footage to findable moments. Start reading at `domain.py`, then `library.py`."""
