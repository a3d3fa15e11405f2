"""Adding and changing sources: by home page, by list, their bounds, and
pausing them.
"""
