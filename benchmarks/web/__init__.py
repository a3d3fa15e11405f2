"""The web page at a year's worth of articles: how fast it answers, and whether
it disturbs.
"""
