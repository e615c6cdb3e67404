# People on leave, and whose people may be addressed by whom.
out-no-consent = Their registry does not let others write to them
cli-reason-no-consent = their registry does not let others write to them
flow-start-on-leave = { $n ->
    [one] One of them is on leave. The flow is started all the same, because it is for this person by name.
   *[other] { $n } of them are on leave. The flow is started all the same, because it is for them by name.
}
cli-flow-start-on-leave = { $people ->
    [one] One of them is on leave, and is started all the same
   *[other] { $people } of them are on leave, and are started all the same
}
sources-consent = Messages of others
sources-consent-why = Whoever owns these people may say whether messages of others may go to them: then a message to a mixed audience leaves them out. Alerts reach them all the same, and the audit log says so.
sources-consent-others = Others may write to these people
sources-consent-owner = Programme whose messages are their own
sources-consent-owner-hint = Its code. Leave it empty if there is none: then a message to these people alone counts as their own.
sources-consent-save = Save
sources-consent-saved = Saved.
cli-consent-set = { $others ->
    [yes] Others may write to the people of “{ $name }”
   *[no] Others may not write to the people of “{ $name }”: messages to mixed audiences leave them out, except alerts
}
cli-column-others = Others may write
cli-column-owner = Owner
did-consent-set = said whether others may write to the people of a registry.
did-consent-passed = let an alert go to people to whom others may not write.
cli-others-yes = yes
cli-others-no = no
wayback-source-says = “{ $source }” says so. It does not own this value.
sync-notify-address = “{ $value }” is no address of ours for “notify”. Write the one under which the registry reaches this server, as in https://mhero.example.org, or no.
sync-subscription-says = The registry says: { $detail }
sync-subscription-error = The registry says that it can’t reach us. It is asked again; what changes is read by the schedule meanwhile.
sync-subscription-off = The registry has switched it off. It is asked again; what changes is read by the schedule meanwhile.
sync-write-out-off = Nobody says who is to be written to { $source }. Name an audience with --to, or set write_out for the source: an audience, or yes for everybody.
sync-keeps-nobody = { $source } can’t hold our people.
sync-write-out-kept = Changed there meanwhile, and left as it is: { $fields }
registry-fhir-no-id = { $host } took { $kind }, and does not say under which id.
setting-notify = Notify us at once
setting-notify-hint = The address under which the registry reaches this server, as in https://mhero.example.org. The registry is asked to tell of changes there. When empty, changes are read by the schedule alone.
setting-write-out = Write people out to it
setting-write-out-hint = An audience, or yes for everybody. Contacts are created and changed there after each pull; what somebody changes there stays.
sources-told = Notifications
sources-told-asked = asked for, not confirmed
sources-told-active = works
sources-told-error = does not work
sources-told-off = switched off
sources-out = Written out
sources-out-written = { $n } in order
sources-out-kept = { $n } with values changed there
sources-out-conflict = { $n } whose number or record is somebody else’s there
sources-out-refused = { $n } refused
did-people-written-out = wrote people out to another instance.
cli-write-out-done = People: { $matched }. Created: { $created }. Changed: { $updated }. As they were: { $unchanged }. Without a number: { $without }.
cli-write-out-would = People: { $matched }. To be created: { $created }. To be compared and changed: { $updated }. As they were: { $unchanged }. Without a number: { $without }.
cli-write-out-problems = Left as changed there: { $kept }. Somebody else’s there: { $conflicts }. Refused: { $refused }.
cli-write-out-left = { $people ->
    [one] One person waits
   *[other] { $people } people wait
} for the next time.
