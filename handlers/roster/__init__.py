"""An office's list, sent as a file by an administrator: read outside the turn, shown first, taken over on a press."""
