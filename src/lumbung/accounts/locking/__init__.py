"""A person's account, changes and pay-outs stopped at once, and let go again with proof."""
