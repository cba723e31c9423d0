"""The demo's page of phones and its HTTP interface, described in docs/phone.md."""
