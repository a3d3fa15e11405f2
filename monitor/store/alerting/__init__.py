"""Stories, verdicts, alerts, mails, and who wants none."""
