"""What applies: reasons, dispositions and reply macros of each line of business."""
