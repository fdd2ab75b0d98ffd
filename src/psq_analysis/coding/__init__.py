"""Which codes has an idea, and how sure is it?

May use ``text``, ``privacy``, ``tables``. ``codebook`` and ``codebook_file`` the grid · ``assign`` codes of ideas and remarks · ``text_model`` and ``learners`` what is
learnt · ``evaluation`` and ``quality`` how right it is · ``human_codes`` what people coded.
"""
