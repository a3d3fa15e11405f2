"""The state of running: outcomes, quarantine, health, outages."""
