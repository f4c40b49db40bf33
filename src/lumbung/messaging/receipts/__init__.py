"""What the network says became of a text."""
