"""Articles, their pages and versions."""
