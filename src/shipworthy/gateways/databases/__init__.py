"""Family: relational databases. One file, one database; each is the door to its driver."""
