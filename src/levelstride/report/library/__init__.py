"""Why it exists: the knowledge as pages that anyone can read in a browser, and its ladders as drawings."""
