"""What people search: articles as documents of one engine. A projection of the
store, never the source of truth.
"""
