"""What the case page shows, part by part: plain values for the templates, no decisions."""
