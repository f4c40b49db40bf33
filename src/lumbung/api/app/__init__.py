"""A member's own app: a door without pages and cookies, under /api/v1/me/."""
