"""Owns how things come in and go out: e-mail, and later the other channels.

Turns raw input into what a case needs and a case's answers into something deliverable.
Knows nothing of promises, queues or screens: it hands over to `casework` and is pulled by `jobs`.
"""
