"""Search: the list of what was read, its filters and its exports."""
