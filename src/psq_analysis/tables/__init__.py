"""The tables of a run: their columns, the rows one asks of them, and files of records.

Knows nothing above. ``schema`` every table and its columns · ``selections`` rows by what they are about · ``record_files`` JSON lines and Parquet ·
``decision_files`` what analysts decide, in YAML.
"""
