"""The topic editor: a draft is read, tried and explained while one types, and
saved.
"""
