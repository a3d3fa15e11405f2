"""Matches into email: composing is pure, handing over is not. Chooses no
articles and remembers nothing.
"""
