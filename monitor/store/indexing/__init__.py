"""What the search index still has to take."""
