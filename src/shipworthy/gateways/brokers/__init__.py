"""Family: message brokers. One file, one broker; each is the door to its library."""
