"""How the tree is set up, built and checked. Standard library only: it runs before anything is installed."""
