"""Text x topics -> matches, in memory.

Knows no index, no database and no mail; the truth for alerts.
"""
