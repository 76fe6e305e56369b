"""Whether the installation is well: heartbeats of its processes, and the page that reads them."""
