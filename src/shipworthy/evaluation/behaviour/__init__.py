"""Whether a model behaves as somebody wrote down that it must."""
