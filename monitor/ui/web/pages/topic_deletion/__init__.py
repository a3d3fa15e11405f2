"""The question before a topic is deleted, and deleting it."""
