"""What a file says of itself, and what its first pictures say."""
