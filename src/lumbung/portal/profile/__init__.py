"""What a member keeps with the fund about himself: address, heirs, bank account, language."""
