"""Ways back in: a forgotten password or user name, and an officer's code when phone and e-mail are lost."""
