"""Many texts for one cause: put out in sets, counted, and taken back."""
