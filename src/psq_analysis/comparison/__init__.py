"""What differs between groups, and how sure is it?

May use numpy, scipy, pandas, ``respondents`` and what lies below; knows no file, no French, no HTML. ``shares`` · ``contrasts`` · ``omnibus`` · ``weights`` ·
``equal_composition`` · ``correspondence`` · ``distinctive_words`` · ``campaigns`` · ``tones``.
"""
