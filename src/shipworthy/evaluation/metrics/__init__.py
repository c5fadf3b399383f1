"""What answers can be measured by: one file, one metric."""
