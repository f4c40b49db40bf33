"""Several member numbers of one person: found, joined and parted again. No money moves."""
