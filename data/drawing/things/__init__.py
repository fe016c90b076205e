"""What the drawn world is furnished with: each thing paints itself in its own units on a placed canvas."""
