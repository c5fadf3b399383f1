"""Online features: the last rows of each entity, packed, for the service to look up."""
