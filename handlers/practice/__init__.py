"""The practice room: everything may be tried with an instructor's hints, and nothing of it counts."""
