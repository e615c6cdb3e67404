# The phone simulator as a channel: what is wrong with its settings or with a request.

simulator-behaviour = { $key }={ $value } is not known: use { $key }=none (phones only receive) or { $key }=answer (phones answer).
simulator-pace = { $key }={ $value } is no pace: use demo, field, or a number from 0.001 to 100 (1 is the field's pace).
simulator-seed = { $key }={ $value } is no seed: use a whole number from 0.
simulator-delay = { $key }={ $value } is no delay: use milliseconds from 0 to 3600000.
simulator-no-number = This is no phone number: use the international form, as in +231770000214.
simulator-none = There is no simulator channel: add one with mhero channel add simulator NAME.
simulator-other-kind = The channel { $name } is no simulator: name one of KIND simulator.
simulator-unread = The simulator could not read its phones: { $detail }.

## On the command line

cli-simulate-accepted = Accepted.
cli-simulate-known = Accepted before, with this key.
cli-simulate-called = The call was heard: its flow begins.
cli-simulate-no-trigger = The call was heard. No trigger waits for a missed call: make one under Triggers, and calls start its flow.
cli-simulate-empty = { $phone } shows nothing yet.

## The demo

demo-other-data = This database is no demo: it has a country, channels or users of its own. Use an empty folder with --data DIR.
demo-unwritable = The mark of the demo can't be written: { $detail }.
demo-impossible = Such a country can't be made: { $detail }.
demo-import = The demo's own file { $file } was not read as it should be: { $detail }.
cli-demo-drawing = Drawing Sewara, a country that does not exist: { $workers } health workers…
cli-demo-reading = Reading { $file }…
cli-demo-loaded = { $people } people are there after { $seconds } s.
cli-demo-reused = The country of the last time is here: { $workers } health workers, seed { $seed }.
cli-demo-other-country = To draw another country, use an empty folder with --data DIR.
cli-demo-ready = DEMO: nothing here reaches a real phone, and quiet hours are off.
cli-demo-address = Open { $address }
cli-demo-account = Sign in as { $email } ({ $role }), password { $password }
cli-demo-account-place = Sign in as { $email } ({ $role }, { $place }), password { $password }
cli-demo-stop = To end it press Ctrl-C. It will be here again the next time.
