"""Which words may be quoted, and which are chosen?

May use ``privacy`` and ``text``. ``choice`` chooses · ``quotable`` what makes a sentence quotable · ``review_rules`` what a person must read first ·
``decisions`` quotes.yml.
"""

from psq_analysis.packaged import public_names

__getattr__, __dir__ = public_names(
    __name__,
    {
        "headlines": "choice.headlines",
        "held_for_review": "quotable.held_for_review",
        "may_be_quoted": "quotable.may_be_quoted",
        "quotes_of_codes": "choice.choose_by_code",
        "quotes_of_demands": "choice.choose_for_demands",
        "quotes_of_report": "choice.choose_for_report",
        "quotes_of_subthemes": "choice.choose",
        "quotes_table": "choice.quotes_table",
    },
)
