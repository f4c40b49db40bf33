"""Everything that is held about one member, to take away; and what is left when an account is closed."""
