"""The radar: what many suddenly write about."""
