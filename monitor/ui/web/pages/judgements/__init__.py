"""Judgements of hits: the buttons beside them, what they say of a topic, and
the list of all.
"""
