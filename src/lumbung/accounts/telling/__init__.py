"""Tell members what happened: to the inbox always, and by push, SMS and e-mail as each of them chooses."""
