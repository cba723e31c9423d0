"""Reports: what a member did, kept with a code; undone for ten minutes, changed with a trace."""
