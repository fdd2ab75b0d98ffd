"""One section of a page: rows, sentences and a chart become HTML.

May use ``html``, ``charts``, ``sentences`` and all below; computes no statistic. One module a section; ``page`` assembles, ``downloads`` and ``chromium``
write what is taken away.
"""
