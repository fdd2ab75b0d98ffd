"""Where are the files of a run, in which order do notebooks run, when is it published?

The top floor under the command line: may use everything. ``run`` files, tables and trace · ``chain`` executes the notebooks · ``publish`` all or
nothing, behind the gate · ``rights`` access and erasure · ``bench`` exploring a finished run.
"""
