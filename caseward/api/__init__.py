"""JSON for machines: cases and their timelines, behind a staff member's token."""
