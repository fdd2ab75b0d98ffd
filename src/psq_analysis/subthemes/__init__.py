"""What did the codebook not foresee?

May use ``text`` and ``tables``. ``cluster`` forms sub-themes theme by theme · ``cuts`` how a theme is cut · ``names`` and ``spelling`` what they are called ·
``reinert`` and ``word_classes`` the tree French readers know.
"""
