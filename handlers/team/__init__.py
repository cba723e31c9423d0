"""What a lead sees of the own units: the week, who has joined, and the invitations that bring people in."""
