### Whether a message is true.

trust-mark-test = TESTE:
trust-mark-drill = SIMULACRO:
