"""Why it exists: makes this folder package data, so ``importlib.resources`` finds the pose weights in any install.

The files are built by ``scripts/build_weights.py`` (`make weights`); ``NOTICE`` states their origin and the changes.
"""
