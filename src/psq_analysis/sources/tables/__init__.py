"""Sheets to respondents: which row is the heading, what each column is for, what a cell says."""
