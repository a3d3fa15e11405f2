"""Stories, matches, alerts, mails, and who wants none."""
