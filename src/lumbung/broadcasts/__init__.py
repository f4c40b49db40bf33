"""An announcement as a text to everybody who wants it: spread over hours, paused, resumed and stopped."""
