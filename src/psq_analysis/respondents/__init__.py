"""Who counts, in which group, with or without organised answers?

May use ``tables`` and ``places``; knows no file and no French. ``counted`` · ``closed`` · ``groups`` · ``campaigns`` · ``design`` · ``flow`` · ``people``
what is known of each · ``chosen`` filters and groupings by name · ``nearest`` names that exist.
"""

from psq_analysis.packaged import public_names

__getattr__, __dir__ = public_names(
    __name__,
    {
        "GROUPINGS": "groups.GROUPINGS",
        "likeness_of_answers": "design.design",
        "answerers": "counted.answerers",
        "closed_questions": "closed.closed_questions",
        "flow_of_run": "flow.flow_of_run",
        "mentions_by_respondent": "counted.respondent_codes",
        "only_organised": "campaigns.only_organised",
        "remarks_that_count": "campaigns.heard",
        "who_counts": "counted.respondents",
        "with_subthemes": "counted.with_subthemes",
    },
)
