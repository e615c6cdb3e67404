### Whether a message is true.

trust-mark-test = تجربة:
trust-mark-drill = تمرين:
