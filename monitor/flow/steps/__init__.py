"""The steps of a story: poll, read, publish, match, compose, deliver."""
