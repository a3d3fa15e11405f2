"""The engine beside us: Elasticsearch."""
