"""Topics: what each finds, and one in full: query, coverage, alerts, a trial."""
