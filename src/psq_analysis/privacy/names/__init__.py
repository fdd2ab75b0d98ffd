"""Which capitalised words are nobody: names of public life, and what the tagger must not take for a person."""
