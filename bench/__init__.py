"""The measurements, runnable by anyone: `make bench`. What they showed is in docs/bench.md."""
