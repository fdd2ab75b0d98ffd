"""From the free-text feedback of a public consultation to answers that stand."""

__version__ = "0.1.0"
