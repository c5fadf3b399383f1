"""What a model's answers were worth: metrics with intervals, beside the rule and the champion on the same rows."""
