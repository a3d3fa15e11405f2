"""The ways out: SMTP, files, Atom feeds, and the form of a webhook call."""
