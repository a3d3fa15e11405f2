"""The sources: whether each is well, when it is asked next and why, and what
it brought.
"""
