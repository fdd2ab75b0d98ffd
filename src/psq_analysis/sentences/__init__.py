"""What do these rows say, in French?

May use ``french``, ``tables`` and the results of ``comparison``; draws nothing and computes no statistic.
"""
