"""Papers to take away, card and statement, signed so that anyone can check them with the fund's public key."""
