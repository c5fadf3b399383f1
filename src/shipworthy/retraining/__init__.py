"""When a model is trained again, and when it goes back to the version before."""
