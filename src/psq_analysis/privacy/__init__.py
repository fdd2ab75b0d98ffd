"""What identifies a person?

May use ``text``, ``cleaning``, ``places``. ``mask`` is its door; one module a kind of personal data beside it.
"""

from psq_analysis.packaged import public_names

__getattr__, __dir__ = public_names(
    __name__,
    {
        "mask_column": "mask.mask_column",
        "mask_remarks": "mask.mask_remarks",
    },
)
