"""What members are told of by the books and the calendar: credited, unpaid, a result, a request's clock."""
