"""/metrics: figures for Prometheus."""
