"""Which codes has an idea, and how sure is it?

May use ``text``, ``privacy``, ``tables``. ``codebook`` and ``codebook_file`` the grid · ``assign`` codes of ideas and remarks · ``text_model`` and ``learners`` what is
learnt · ``evaluation`` how right it is · ``human_codes`` and ``readings`` what people found · ``corrections`` their word first.
"""

from psq_analysis.packaged import public_names

__getattr__, __dir__ = public_names(
    __name__,
    {
        "code_ideas": "assign.code_ideas",
        "codes_of": "code_names.codes_of",
        "measure_quality": "evaluation.coding_quality",
        "before_readings": "corrections.before_readings",
        "readings_by_respondent": "readings.by_respondent",
        "recode": "corrections.recode",
    },
)
