"""The engine inside our own process: tantivy in a folder."""
