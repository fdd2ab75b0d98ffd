"""What differs between groups, and how sure is it?

May use numpy, scipy, pandas, ``respondents`` and what lies below; knows no file, no French, no HTML. ``shares`` · ``contrasts`` · ``stratified`` · ``same_people`` · ``weights`` ·
``equal_composition`` · ``correspondence`` · ``distinctive_words`` · ``campaigns`` · ``tones`` · ``closed_answers``.
"""

from psq_analysis.packaged import public_names

__getattr__, __dir__ = public_names(
    __name__,
    {
        "answers_by_group": "closed_answers.answers_by_group",
        "answers_with_subjects": "closed_answers.answers_with_subjects",
        "at_equal_composition": "equal_composition.compose",
        "comparable": "psq_analysis.tables.selections.comparable",
        "contrasts_between_groups": "contrasts.contrasts",
        "contrasts_without_campaigns": "campaigns.contrasts_without",
        "demands_by_respondent": "psq_analysis.demands.summary.respondent_demands",
        "differences_that_hold": "psq_analysis.tables.selections.differences_that_hold",
        "map_of_voices": "correspondence.correspondence_map",
        "shares_by_group": "shares.shares",
        "specificity_by_group": "distinctive_words.specificities",
        "badges_of_codes": "corrected.badges",
        "correct_by_readings": "corrected.correct_by_readings",
        "respondents_to_read": "corrected.sample_respondents",
        "codes_tied": "same_people.tied",
        "independent_codes": "same_people.independent_codes",
        "margins_of_run": "weights.margins_of_run",
        "shares_by_threshold": "same_people.shares_by_threshold",
        "twin_codes": "same_people.twins",
        "tones_by_code": "tones.tones_by_code",
        "weighted_to_populations": "reweighted.reweight",
        "words_by_respondent": "spoken_words.spoken_words",
        "words_in_context": "distinctive_words.in_context",
        "words_table": "distinctive_words.words_table",
        "words_of_groups": "distinctive_words.distinctive_words",
    },
)
