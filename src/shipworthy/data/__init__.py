"""What is known of the team's tables: landing, point-in-time frames, training sets."""
