"""An invented province for the demonstration: real places of Bến Tre in August 2022, people who do not exist."""
