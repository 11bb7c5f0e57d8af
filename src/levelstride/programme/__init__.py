"""Decides the programme: what to do in the open week, how much, and why; pure - no storage, no clock, no chance."""
