"""Which remarks say nothing, copy each other, or hold several ideas?

May use ``text``. ``remarks`` marks and splits the remarks of a run · ``noise`` answers that say nothing · ``copies`` groups of copies and
campaigns · ``ideas`` one remark cut into ideas.
"""
