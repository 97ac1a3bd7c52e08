"""The demo: a fictional agency in the middle of its year, told through the same actions that people take."""
