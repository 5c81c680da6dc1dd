// Nothing is in here.
