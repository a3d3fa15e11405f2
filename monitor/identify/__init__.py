"""Is this item new, changed or known? Compares values; what is known is passed
in.
"""
