"""The coverage report of a topic."""
