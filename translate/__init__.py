"""Articles in, English Documents out: no HTML, no HTTP, no schedule."""
