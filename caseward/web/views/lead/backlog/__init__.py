"""The backlog page: what waits, how it flows, when it is cleared and what more hours would do."""
