"""Tasks: handed out, accepted, reported with evidence, looked at, returned or accepted; and reminded of."""
