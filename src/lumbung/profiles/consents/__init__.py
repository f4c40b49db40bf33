"""What a member allows beyond what the law has the fund do: noted with its words, taken back as easily."""
