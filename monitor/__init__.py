"""Monitor: reads German news feeds, finds the topics people track, and sends them email alerts."""

__version__ = "0.1.0"
