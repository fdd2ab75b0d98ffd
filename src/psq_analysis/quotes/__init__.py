"""Which words may be quoted, and which are chosen?

May use ``privacy`` and ``text``. ``choice`` chooses · ``quotable`` what makes a sentence quotable · ``review_rules`` what a person must read first.
"""

from psq_analysis.packaged import public_names

__getattr__, __dir__ = public_names(
    __name__,
    {
        "held_for_review": "quotable.held_for_review",
        "quotes_of_codes": "choice.choose_by_code",
        "quotes_of_report": "choice.choose_for_report",
        "quotes_of_subthemes": "choice.choose",
        "quotes_table": "choice.quotes_table",
    },
)
