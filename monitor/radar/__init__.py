"""The radar: which words and names stand in far more stories than usual, as
subjects. Pure.

Knows neither the database nor mail nor topics.
"""
