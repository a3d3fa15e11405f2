"""When an origin may be asked: throttle, back-off, one polite request."""
