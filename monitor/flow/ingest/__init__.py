"""Around polling and reading: one document, one page, what is learned from
them.
"""
