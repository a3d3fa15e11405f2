"""Copies of a whole database: into a file, out of it, and from one database to
another.
"""
