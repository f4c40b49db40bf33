"""Where a person stands on a day: what he has, whether he is covered, what he would be paid, what waits."""
