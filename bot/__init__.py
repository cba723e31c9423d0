"""The bot between its handlers and its storage."""

VERSION = "0.1.0"
