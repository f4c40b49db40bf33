"""Push messages to browsers (RFC 8030), which say only that there is news."""
