"""Chooses implementations by the settings and puts them together: database,
index, mail, web, daemon.

Each module opens one kind of thing, so that a command loads only what it uses.
Nobody but the user interface imports this room.
"""
