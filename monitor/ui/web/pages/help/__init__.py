"""Help: the query language for editors."""
