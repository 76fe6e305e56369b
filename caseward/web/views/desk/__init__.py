"""The desk: lists of cases, and the case itself."""
