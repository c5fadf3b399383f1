"""Where the boxes and lines of a graph lie: layers from left to right, few crossings, nothing on top of anything else."""
