"""What the angry employee of a vendor and the hostile stranger try, and what comes of it."""
