"""Killable child processes for work on hostile input. Knows neither pages nor
feeds.
"""
