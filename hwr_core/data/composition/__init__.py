"""Names written anew: from pen strokes, letters cut out of scans, and fonts."""
