"""Expected, reported, paid: what a month of a member lacks, and who must act."""
