"""Why it exists: a clinician edits the library; these checks say what is wrong, where, and what is expected instead."""
