"""What a registered person may expect: the law's projection from his own record."""
