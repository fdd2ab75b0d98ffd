"""What did the codebook not foresee?

May use ``text``, ``disclosure`` and ``tables``. ``cluster`` forms sub-themes theme by theme · ``cuts`` how a theme is cut · ``names`` and ``spelling`` what they are called ·
``reinert`` and ``word_classes`` the tree French readers know.
"""

from psq_analysis.packaged import public_names

__getattr__, __dir__ = public_names(
    __name__,
    {
        "classify_words": "word_classes.classify",
        "cluster_ideas": "cluster.cluster_ideas",
        "subthemes_by_respondent": "summary.respondent_subthemes",
        "summarise_subthemes": "summary.summarise_subthemes",
    },
)
