"""The history of contributions: every month, what is true of it and who must act; on a page, as CSV and as PDF."""
