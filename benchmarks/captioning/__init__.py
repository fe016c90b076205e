"""Vision-language captioners: their speed, and what a vision token is worth."""
