"""Learning: recipe, loss, the module Lightning drives, running it."""
