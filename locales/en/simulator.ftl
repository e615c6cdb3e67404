# The phone simulator as a channel: what is wrong with its settings or with a request.

simulator-behaviour = { $key }={ $value } is not known: use { $key }=none (phones only receive) or { $key }=answer (phones answer).
simulator-pace = { $key }={ $value } is no pace: use demo, field, or a number from 0.001 to 100 (1 is the field's pace).
simulator-seed = { $key }={ $value } is no seed: use a whole number from 0.
simulator-delay = { $key }={ $value } is no delay: use milliseconds from 0 to 3600000.
simulator-no-number = This is no phone number: use the international form, as in +231770000214.
simulator-none = There is no simulator channel: add one with mhero channel add simulator NAME.
simulator-other-kind = The channel { $name } is no simulator: name one of KIND simulator.
simulator-unread = The simulator could not read its phones: { $detail }.
