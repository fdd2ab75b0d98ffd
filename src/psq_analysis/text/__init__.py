"""French text: its words, lemmas, vectors, and search in it.

May use simplemma, spaCy and sentence models. ``words`` tokens and lemmas · ``corpus`` many texts · ``expressions`` and ``concordance`` what to look for and
where it stands · ``word_vectors`` and ``sentence_models`` · ``search``.
"""
