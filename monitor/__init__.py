"""Monitor: reads German news feeds, finds the topics people track, and sends
them email alerts.
"""

__version__ = "0.2.0"

PRODUCT = "Monitor"
"""Our product token: the name by which publishers know us in robots.txt and in
User-Agent headers.
"""
