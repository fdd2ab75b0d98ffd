"""Which remarks say nothing, copy each other, or hold several ideas?

May use ``text``. ``remarks`` marks and splits the remarks of a run · ``noise`` answers that say nothing · ``copies`` groups of copies and
campaigns · ``ideas`` one remark cut into ideas.
"""

from psq_analysis.packaged import public_names

__getattr__, __dir__ = public_names(
    __name__,
    {
        "mark_remarks": "remarks.mark_remarks",
        "split_remarks": "remarks.split_remarks",
    },
)
