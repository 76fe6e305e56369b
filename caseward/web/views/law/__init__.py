"""Promises that were missed, and the laws that start clocks: pages of those who lead."""
