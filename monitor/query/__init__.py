"""The topic query language: text to tree, with every error and lint placed.
Knows nothing of articles or engines.
"""
