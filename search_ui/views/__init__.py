"""What the page shows: the search, its filters, one moment in a drawer."""
