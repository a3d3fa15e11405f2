"""A page into text, in child processes that can be killed.

Downloads nothing and does not decide what is kept.
"""
