"""One catalogue of texts per feature, every language side by side under each key."""
