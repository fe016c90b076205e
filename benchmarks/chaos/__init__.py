"""Workers are killed and stopped, index files damaged; in the end nothing may be lost, there twice, or wrong."""
