"""How fast a search is over a hundred thousand or a million captions."""
