"""Motions and measures out, in the formats of other programs."""

from levelstride.exchange.mot import opensim_coordinates, write_mot
from levelstride.exchange.trc import write_trc

__all__ = ["opensim_coordinates", "write_mot", "write_trc"]
