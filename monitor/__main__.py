"""Chooses implementations and wires them."""
