"""/healthz and /readyz: whether the daemon works, for probes."""
