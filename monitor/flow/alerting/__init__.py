"""Around an alert: stories, spikes, outage notices, other channels, what a
mail shows.
"""
