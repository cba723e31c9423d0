"""Units: the tree the administrator sees, the reforms that change it, and what everybody concerned is told."""
