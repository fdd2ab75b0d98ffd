"""What do people find in the remarks, and where do they differ from the program?

May use everything below. ``files`` the steps, one after the other · ``drawn`` who is read by whom · ``workbook`` the file a reader fills in · ``read_back`` what they wrote in it · ``agree`` how
far readers agree · ``applied`` what their readings change in a finished analysis · ``bench`` the same reading in JupyterLab.
"""

from psq_analysis.packaged import public_names

__getattr__, __dir__ = public_names(
    __name__,
    {
        "agreement": "agree.agreement",
        "bench": "bench.open_bench",
        "sample": "drawn.sample",
    },
)
