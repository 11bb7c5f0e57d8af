"""Why it exists: from answers and test results to an honest starting point - may this person start, what was found.

Pure functions over the journal's state and the library: nothing here stores, asks or draws. ``safety`` decides whether
anything may start; ``questions`` says what to ask next; ``protocols`` turns tries into a result with its error;
``findings`` compares results with norms and sides; ``change`` compares a result with an earlier one.
"""
