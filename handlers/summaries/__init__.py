"""The week in figures: to each lead on Friday a sentence, then the figures; to each member a line of thanks."""
