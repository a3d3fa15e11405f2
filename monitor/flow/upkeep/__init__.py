"""What a daemon does beside the steps: repair, retention, reports, the index."""
