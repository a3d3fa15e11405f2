"""Feeds, their polls and their items."""
