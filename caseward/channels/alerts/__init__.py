"""Alerts to our own people: sent by the mail server of `SMTP_URL`, or to a webhook of a rota."""
