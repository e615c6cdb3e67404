# Record changes: what workers told us, on its way to the registry that owns it; and people who ask to join.
nav-changes = Record changes
changes-lead = { $n ->
    [0] No change waits. What workers correct by SMS arrives here.
    [one] One change waits. An accepted one goes to the registry that owns the field.
   *[other] { $n } changes wait. Accepted ones go to the registry that owns the field.
}
changes-all = All
changes-sure = Sure
changes-eye = Need an eye
changes-conflict = Conflict
changes-way = On their way
changes-done = Done
changes-list = Changes
changes-choose = Choose the change of { $name }
changes-from = from
changes-to = to
changes-nothing = nothing
changes-certain = { $n } % sure
changes-by-sms = by their SMS
changes-by-source = by { $source }
changes-registry-changed = The registry changed meanwhile
changes-goes-to = Goes to { $source }.
changes-no-owner = No registry owns this field. It is kept here only.
changes-said-console = Entered in the console.
changes-said-import = From an imported file.
changes-erased = The text was erased after its time.
changes-seconded = One person has accepted it. A second one must.
changes-seconded-you = You have accepted it. Somebody else must accept it too.
changes-accept = Accept
changes-reject = Reject
changes-take-theirs = Take their SMS
changes-keep-registry = Keep the registry
changes-accept-chosen = Accept chosen
changes-reject-chosen = Reject chosen
changes-preselected = { $n ->
    [0] Choose changes to decide together
    [one] 1 sure one is chosen
   *[other] { $n } sure ones are chosen
}
changes-key-move = move
changes-key-choose = choose
changes-key-accept = accept
changes-key-reject = reject
changes-empty = Nothing here
changes-empty-why = Corrections come from flows such as the staff check, from this console and from files.
changes-more = Show more
changes-none-chosen = Choose at least one change. Nothing was decided.
changes-you-accepted = { $n ->
    [one] You accepted one change.
   *[other] You accepted { $n } changes.
}
changes-you-rejected = { $n ->
    [one] You rejected one change.
   *[other] You rejected { $n } changes.
}
changes-you-missed = { $n ->
    [one] One was decided or changed by somebody else meanwhile.
   *[other] { $n } were decided or changed by somebody else meanwhile.
}
changes-now = { $written } confirmed by the registry, { $way } on their way, { $second } waiting for a second person.
changes-undo = Undo
changes-undone = Taken back. The changes wait again.
changes-not-undone = It can’t be taken back any more: the registry has it, or somebody decided since.
changes-file = { $n ->
    [one] One accepted change belongs to { $source }, which is a file. Put it in there.
   *[other] { $n } accepted changes belong to { $source }, which is a file. Put them in there.
}
changes-file-get = Download the corrections
changes-state-open = Waits
changes-state-seconded = Waits for a second person
changes-state-accepted = Accepted
changes-state-rejected = Rejected
changes-state-writing = On its way
changes-state-written = In the registry
changes-state-conflict = Conflict
changes-state-failed = Failed
changes-state-withdrawn = The worker objected
changes-objection = They can object until { $day }.
changes-field-name = Name
changes-field-given = Given name
changes-field-family = Family name
changes-field-phone = Phone
changes-field-facility = Facility
changes-field-place = Place
changes-field-job = Job
changes-field-cadre = Cadre
changes-field-language = Language
changes-field-sex = Sex
changes-field-birth = Date of birth
changes-field-email = E-mail
changes-field-active = Active
changes-field-status = Status
changes-field-departed = No longer works here
changes-joins = People who ask to join
changes-joins-lead = They wrote JOIN and stand in no registry. Compare, then approve: they are created in the registry that owns their kind.
changes-joins-none = Nobody asks to join
changes-joins-none-why = Somebody who texts JOIN answers three questions and then waits here or for their supervisor.
changes-join-person = Person
changes-join-work = Work
changes-join-state = State
changes-join-code = Their supervisor can confirm by SMS with the number { $code }.
changes-join-is = Perhaps { $name }
changes-join-why-phone = The same phone.
changes-join-why-name-and-place = The same name at the same place.
changes-join-approve = Approve
changes-join-refuse = Refuse
changes-join-approved = Approved. The registry will be told.
changes-join-refused = Refused. Nobody was created.
changes-join-state-gathering = Still answering
changes-join-state-waiting = Waits
changes-join-state-approved = Approved
changes-join-state-creating = On its way
changes-join-state-created = Created
changes-join-state-matched = Known already
changes-join-state-refused = Refused
changes-join-state-failed = Failed
changes-join-state-conflict = Conflict
changes-correct = Correct the record
changes-correct-field = What
changes-correct-value = What it should be
changes-correct-why = It joins the queue of changes. Once accepted, it goes to the registry that owns the field.
changes-correct-button = Propose it
changes-correct-said = Proposed. It waits among the changes.
