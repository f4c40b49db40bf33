"""Papers to take away: card, statement, the yearly page, and the public pages where a paper is checked."""
