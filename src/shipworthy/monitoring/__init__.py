"""Compares windows of what a model meets and says with what it learnt from and promised."""
