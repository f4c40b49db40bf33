"""What officers write before it is shown: saved, looked at, published."""
