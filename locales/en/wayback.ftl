# The way back: corrections to registries, people who join.
wayback-sms-changed = MOH: your record was changed. { $field }: { $new }. If this is not right, reply OBJECT within 7 days.
wayback-sms-taken-away = MOH: your record was changed. { $field } was taken out. If this is not right, reply OBJECT within 7 days.
wayback-sms-objected = Thank you. The change is looked at again, and a person will answer you.
wayback-sms-approve = JOIN: { $name }, { $number }, { $job }, { $place }. Do you know this worker? Reply APPROVE { $code }, else REFUSE { $code }
wayback-sms-approved = Thank you. { $name } is confirmed.
wayback-sms-refused = Thank you. { $name } is not put on the list.
wayback-sms-no-code = Nobody waits under { $code }. Please look at the number again.
wayback-sms-joined = Welcome. You are confirmed and will receive messages from the Ministry of Health.
wayback-field-name = Name
wayback-field-phone = Phone
wayback-field-language = Language
wayback-field-facility = Facility
wayback-field-job = Job
wayback-field-other = Record
wayback-unknown-field = “{ $field }” can’t be corrected. These can: { $known }, and the fields of this installation.
wayback-value-length = Give a value of 1 to { $max } characters.
wayback-facility-unclear = “{ $text }” means no facility, or several. Give its code.
wayback-no-number = “{ $text }” is no phone number of this country.
wayback-value-odd = “{ $text }” can’t stand for { $field }. Give one like: { $known }.
wayback-same-value = The register holds this value already, or the same change waits for a decision.
wayback-too-many = Decide about { $max } changes at most at a time.
wayback-too-late = This was decided or written meanwhile. Look at it again.
wayback-not-there = There is no such change.
wayback-place-unclear = It is not clear which facility is meant. Enter the right one for this person.
wayback-second-person = You have accepted this already. A second person must accept it too.
wayback-no-registry = No registry holds a record that this change could be written to.
wayback-place-unknown-there = { $source } does not know this facility. Add it there, then try again.
wayback-field-not-written = { $source } does not let us change { $field }.
wayback-not-a-file = { $source } is written to directly and needs no correction file.
wayback-nobody-creates = No registry takes new people from here. Say in the settings which one owns this kind of health worker.
wayback-create-conflict = The registry says that somebody else was faster.
wayback-state-open = Open
wayback-state-seconded = Accepted by one of two
wayback-state-accepted = Accepted
wayback-state-rejected = Rejected
wayback-state-writing = Being written
wayback-state-written = Written
wayback-state-conflict = Conflict
wayback-state-failed = Failed
wayback-state-withdrawn = Withdrawn
cli-changes-none = No changes here.
cli-changes-person = Person
cli-changes-field = Field
cli-changes-old = Old
cli-changes-new = New
cli-changes-sure = Sure
cli-changes-state = State
cli-changes-decided = { $n ->
    [one] One change decided.
   *[other] { $n } changes decided.
}
cli-changes-seconded = { $n ->
    [one] One change waits for a second person.
   *[other] { $n } changes wait for a second person.
}
cli-changes-meanwhile = { $n ->
    [one] One change was decided by somebody else meanwhile.
   *[other] { $n } changes were decided by somebody else meanwhile.
}
cli-changes-id = “{ $id }” is no id of a change. mhero changes list prints them.
cli-changes-shelf = “{ $word }” is no part of the queue. The parts are: { $known }.
