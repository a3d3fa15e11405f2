"""Tells an open page that new hits came. It asks only while somebody looks at
it.
"""
