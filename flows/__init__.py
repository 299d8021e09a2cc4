"""When, in which order and how often again: the pipeline, the command line and the schedules."""
