"""What a member sends along to show that he is right: pictures and PDF files, made anew as pictures."""
