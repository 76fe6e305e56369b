"""Acting on many cases: choosing them in a list, deciding what to do, watching it, undoing it."""
