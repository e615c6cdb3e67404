### Flows, triggers and campaigns: what could not be done, and what to do instead.

## Flows
flow-too-large = The file has more than { $max } MB. Split the export into several, and import one after the other.
flow-too-many = The file has { $count } flows; the limit is { $max } at a time. Split the export into several.
flow-no-json = This can't be read as JSON ({ $detail }). Export it again and choose that file; nothing was imported.
flow-no-export = This is JSON, but neither a flow nor an export of flows. Choose the file that RapidPro or mHero exported.
flow-unreadable = The flow can't be read: { $detail }. Mend that place where the flow was made, and import it again.
flow-name-taken = Another flow is called “{ $name }”. Choose another name.
flow-not-startable = “{ $name }” is a flow of the kind { $kind }, which can't be started for people. Start a messaging or background flow.
flow-session-unreadable = A stored conversation can't be read ({ $detail }). End it and start the person again.
flow-import-renamed = There was a flow of that name already, so this one is called “{ $name }”.
flow-import-group-by-hand = Its rule “{ $query }” means nothing here, so the group is filled by hand.
flow-import-field-key = “{ $key }” can't be the key of a field. Use small letters, digits and underscores, beginning with a letter.

## Triggers
trigger-word-taken = “{ $word }” already starts the flow “{ $flow }” for the same people. Choose another word, or take it out there first.
trigger-word-stops = “{ $word }” means STOP: whoever writes it wants no more messages. Choose another word.
trigger-no-word = “{ $word }” can't be a keyword. Use one word of letters and digits, 36 at most.
trigger-no-words = Give at least one keyword, and { $max } at most.
trigger-kind-unknown = Triggers of the kind “{ $kind }” are not known here. Make one by keyword, schedule, missed call or new person instead.

## Campaigns
campaign-no-name = Give the campaign a name.
campaign-name-taken = Another campaign is called “{ $name }”. Choose another name.
campaign-offset = { $value } is too far from the date. The limit is { $max }.
campaign-hour = { $value } is no hour of the day. Use 0 to 23.
campaign-mode = “{ $value }” does not say what happens to somebody who is in a conversation. Use I (interrupt), S (skip) or P (beside it).
campaign-unit = “{ $value }” is no unit of time here. Use M (minutes), H (hours), D (days) or W (weeks).

## What may be missing
cli-what-flow = flow
cli-what-trigger = trigger
cli-what-campaign = campaign
cli-what-event = event
cli-what-flow_start = start
cli-what-effect = outside call
cli-what-field = field

## What people did, in the audit log
did-flow-saved = saved a flow.
did-flow-started = started a flow for people.
did-flow-archived = archived a flow, or brought it back.
did-flow-settings-set = changed the settings of a flow.
did-flow-sessions-moved = moved waiting people to the new version of a flow.
did-flow-results-taken = downloaded the results of a flow.
did-trigger-set = made or changed a trigger.
did-trigger-removed = removed a trigger.
did-campaign-created = made a campaign.
did-campaign-archived = archived a campaign.
did-campaign-event-added = added an event to a campaign.
did-campaign-event-removed = removed an event of a campaign.
