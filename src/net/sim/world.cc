// World: a network in one thread.
