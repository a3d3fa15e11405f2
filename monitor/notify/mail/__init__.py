"""From facts to a finished mail. Pure."""
