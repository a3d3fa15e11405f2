"""Bytes into entries: feeds of every kind, news sitemaps, dates. Opens no
socket, file or database.
"""
