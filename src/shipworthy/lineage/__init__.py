"""What is made from what: columns, features, models, predictions; and what a change to one of them touches."""
