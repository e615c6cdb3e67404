### Campaigns: messages and flows relative to a date of each person.

campaigns-lead = Messages and flows a set time before or after a date of each person.
campaigns-empty = No campaigns
campaigns-empty-why = Make one, for example three days before each appointment.
campaign-new = New campaign
campaign-new-lead = Everybody in the group gets its events, also who joins later.
campaign-group = For the people in
campaign-group-hint = The group may be kept by a sentence or by hand.
campaign-no-groups = There are no groups yet.
campaign-make = Make the campaign
campaign-made = The campaign is made. Add its first event.
campaign-for = For { $group }
campaign-events = Events
campaign-no-events = No events yet.
campaign-what = What
campaign-flow = Flow
campaign-planned = Planned
campaign-done = Done
campaign-next = Next
campaign-never = None planned
campaign-on = On { $date }
campaign-before = { $span } before { $date }
campaign-after = { $span } after { $date }
campaign-at-hour = { $when }, at { $time }
campaign-n-M = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
campaign-n-H = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
}
campaign-n-D = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
campaign-n-W = { $n ->
    [one] { $n } week
   *[other] { $n } weeks
}
campaign-date-created_on = Came into the registry
campaign-date-last_seen_on = Last wrote to us
campaign-mode-I = Interrupts a conversation
campaign-mode-S = Skips who is in a conversation
campaign-mode-P = Runs beside a conversation
campaign-event-new = Add an event
campaign-offset-label = How long
campaign-unit-label = Unit
campaign-side-label = Before or after
campaign-date-label = The date
campaign-hour-label = At
campaign-what-label = What happens
campaign-mode-label = Who is in a conversation
campaign-a-message = Send a message
campaign-own-hour = The date’s own time
campaign-text = Message in { $language }
campaign-text-hint = Only for a message. What is not written in a language is sent in the first one.
campaign-unit-M = Minutes
campaign-unit-H = Hours
campaign-unit-D = Days
campaign-unit-W = Weeks
campaign-side-before = Before
campaign-side-after = After
campaign-event-add = Add the event
campaign-event-made = The event is added and planned for everybody whom it concerns.
campaign-event-remove = Remove
campaign-event-gone = The event is removed. What it had planned is forgotten.
campaign-no-date = There is no such date among the fields. Choose another.
campaign-archive = Archive the campaign
campaign-archive-head = Archive this campaign?
campaign-archive-why = Nothing of what it had planned happens any more. What was done stays.
campaign-keep = Keep it
campaign-gone = The campaign is archived.
