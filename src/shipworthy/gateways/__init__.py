"""One door for each foreign power; nobody else imports it."""
