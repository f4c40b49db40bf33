"""The phone and the e-mail address of a user: which there are, how they change, who is told."""
