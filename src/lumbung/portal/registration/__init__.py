"""Pages on which a member registers: one thing a page, with nothing but a session to hold them together."""
