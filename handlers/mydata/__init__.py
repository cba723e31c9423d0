"""My data: see it, take it along, correct it, restrict it, have it erased; and what people ask of administrators."""
