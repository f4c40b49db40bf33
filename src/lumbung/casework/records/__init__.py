"""A person's record that an officer opens with a reason, without a request: to part numbers that were joined."""
