"""Where are the files of a run, in which order do notebooks run, when is it published?

May use everything below. ``run`` files, tables and trace · ``chain`` executes the notebooks · ``stages`` what need not run again · ``folders`` where a run works · ``publish`` all or
nothing, behind the gate · ``rerun`` one report for each group of a column, ``parts`` which groups, ``workers`` several at once · ``rights`` access and erasure · ``by_hand`` a notebook run outside ``psq run``.
"""

from psq_analysis.packaged import public_names

__getattr__, __dir__ = public_names(
    __name__,
    {
        "leave_out": "rights.leave_out",
        "load_forgotten": "rights.load_forgotten",
        "open_run": "run.open_run",
        "reports_of": "rerun.reports_of",
    },
)
