"""Campaigns on screen: starting one, watching it burn down, changing and ending it."""
