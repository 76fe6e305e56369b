"""Promises and clocks: what was promised, how it is counted, when it ends."""
