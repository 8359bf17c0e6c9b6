"""The model against the record: fitted up to a year, then scored on what it has not seen."""
