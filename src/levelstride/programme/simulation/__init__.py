"""Virtual people who train for half a year: a model to compare ways of planning, no evidence about real people."""
