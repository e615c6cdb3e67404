### Expressions in texts: what is wrong with one, for whoever writes it.

expr-unfinished = { $expression } is not finished: a value or a closing bracket is missing.
expr-syntax = { $expression } cannot be read from “{ $at }” on.
expr-unknown-name = { $expression } uses “{ $name }”, which is neither a known name nor a function.
expr-unknown-function = { $expression } uses a function “{ $name }” that does not exist.
expr-too-complex = { $expression } is too complex. Split it into simpler parts.
expr-number-range = { $expression }: the number { $number } has more digits than can be computed with.
expr-failed = { $expression } gives no value: { $why }
expr-too-long = The text has { $length } characters; at most { $most } are possible.
