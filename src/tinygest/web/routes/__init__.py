"""One file a subject of the page."""
