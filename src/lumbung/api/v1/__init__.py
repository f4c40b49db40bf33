"""Version 1 of the programs' interface: what is public, what programs may, what a member's own app may."""
