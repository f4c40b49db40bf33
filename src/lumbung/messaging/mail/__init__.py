"""Mail: an outbox of its own, handed to an SMTP server or to the demo's mailbox."""
