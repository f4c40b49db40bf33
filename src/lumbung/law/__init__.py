"""The law: dated parameters with their sources, and pure functions over them."""
