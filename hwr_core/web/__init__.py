"""What the browser shows: the drawing pad, and a reading as HTML."""
