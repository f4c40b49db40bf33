"""What a member is told inside: kept sealed, read in either language."""
