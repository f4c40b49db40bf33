"""Members register by themselves: who they are, how they are reached, and the proof of it."""
