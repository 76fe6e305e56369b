"""Pages of the rules of routing: what is in force, proposing a change, trying it, switching on."""
