"""Second factors: an app for codes, passkeys, recovery codes."""
