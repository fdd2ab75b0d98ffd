"""How the tagger of persons is made: sentences written from frames, and the command that learns from them."""
