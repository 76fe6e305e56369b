"""django-helpdesk, run in an environment of its own (`.venv-bench`); nothing of Caseward here."""
