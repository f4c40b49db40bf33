"""What a password must be, how it is kept, and how it is changed."""
