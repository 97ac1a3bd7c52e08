"""Decisions about days, periods, stages and review chains. Nothing here knows the database or the clock."""
