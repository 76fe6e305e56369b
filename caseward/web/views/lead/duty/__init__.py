"""Who is on call, and who knows what: shown, changed, tried out."""
