"""The tests mirror livecue/; flows/ go through the whole loop, house/ holds the rules of the tree itself."""
