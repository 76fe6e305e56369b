"""What requesters see: no login, no script needed, in the language they choose."""
