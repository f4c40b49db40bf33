"""What texts, mails and pushes have in common on their way out."""
