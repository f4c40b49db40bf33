"""What a user is told when something changed that decides who gets in."""
