"""/hangmuc: what may be reported, for the administrator of all."""
