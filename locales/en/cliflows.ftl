### The command line about flows, and about the outside calls that they make.

cli-column-revision = REVISION
cli-column-live = IN IT
cli-flow-active = on
cli-flow-archived = archived

## Import and export

cli-flow-created = NEW
cli-flow-updated = CHANGED
cli-flow-known = AS IT WAS
cli-flow-changed = ADAPTED
cli-flow-refused = REFUSED
cli-flow-kind-flow = flow
cli-flow-kind-group = group
cli-flow-kind-field = field
cli-flow-kind-trigger = trigger
cli-flow-kind-campaign = campaign
cli-flow-kind-thing = other
cli-flow-part = { $kind } “{ $name }”: { $why }
cli-flow-file-unread = The file { $path } can’t be read ({ $detail }). Check the path, and that you may open it.
cli-flow-file-unwritten = The file { $path } can’t be written ({ $detail }). Name another place.
cli-flow-exported =
    { $flows ->
        [one] One flow is in { $path }.
       *[other] { $flows } flows are in { $path }.
    }

## Starts, results, moves, words

cli-flow-start-people =
    { $people ->
        [one] One person begins it.
       *[other] { $people } people begin it.
    }
cli-flow-start-busy =
    { $people ->
        [one] One of them is in a flow just now; this one comes first, then that one goes on.
       *[other] { $people } of them are in a flow just now; this one comes first, then those go on.
    }
cli-flow-start-ask =
    { $people ->
        [one] Start it for one person?
       *[other] Start it for { $people } people?
    }
cli-flow-started =
    { $people ->
        [one] Start { $number }: one person.
       *[other] Start { $number }: { $people } people.
    }
cli-flow-results-none = Nobody has been in this flow yet.
cli-flow-results-written = The answers are in { $path }.
cli-flow-moved = Now at revision { $revision }: { $moved }. Staying where they wait, because the new one has no such node: { $stranded }.
cli-flow-busy = Busy just now, so not moved: { $busy }. Type it again.
cli-flow-triggered = { $words } starts “{ $name }”.

## Playing

cli-flow-play-ended = The flow is over.
cli-flow-play-failed = The flow failed.
cli-flow-play-waits = The flow waits for more.

## Outside calls

cli-effects = The outside calls of flows can’t be set up: { $detail }. Correct the section [effects] of the settings.
cli-effects-password = The file with the password of the mail server, { $path }, can’t be read ({ $detail }). Correct effects.mail.password_file, or let this account read it.
