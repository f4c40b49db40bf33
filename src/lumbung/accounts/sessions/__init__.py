"""Where a user is logged in: the list of sessions, ending them, and devices that were never seen before."""
