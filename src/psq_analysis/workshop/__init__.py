"""What can an analyst ask of a finished run? ``run = psq.open("gers")``: tables, counts and searches, each a DataFrame.

The top floor under the command line: may use everything. ``door`` what is asked · ``where`` which run · ``said`` what ideas say · ``counting`` shares,
contrasts, words · ``index`` and ``finding`` search · ``reasons`` why a code · ``idea_map`` · ``results`` how it shows, draws and leaves.
"""

from psq_analysis.packaged import public_names

__getattr__, __dir__ = public_names(__name__, {"open_analysis": "door.open_analysis"})
