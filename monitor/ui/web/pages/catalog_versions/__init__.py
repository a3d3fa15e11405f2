"""Saved versions of feeds.yaml: who changed what, and taking it back."""
