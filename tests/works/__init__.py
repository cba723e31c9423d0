"""Work for the tests of errands."""
