"""Photos people sent: fetched, cleaned in a process of their own, kept in a folder under the hash of their content."""
