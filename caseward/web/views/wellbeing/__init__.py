"""One's own exposure and opt-outs, the key to stop, and where caps met deadlines."""
