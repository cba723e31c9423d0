"""/doiviec: a post passes from one person to another, with its open work; history stays with who made it."""
