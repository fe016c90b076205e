"""Does search find what people ask for? The public retrieval tasks, entered and asked as anybody would."""
