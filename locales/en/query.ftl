### Audience queries: what can be wrong with one, and the words of the sentence builder.

## The text breaks off or goes wrong

query-error-empty = The query is empty. Write a condition such as cadre = midwife, or * for everybody.
query-error-ends-early = The query ends too early: a condition is missing at the end.
query-error-condition-missing = A condition should stand where “{ $found }” stands.
query-error-no-property = “{ $found }” is no name of a property: it may hold letters, digits and underscores.
query-error-value-missing = A value is missing after the sign. Write "" to ask whether there is any.
query-error-parenthesis-missing = A parenthesis is opened and not closed.
query-error-quote-missing = A quotation mark is opened and not closed: “{ $found }”.
query-error-sign = The sign “{ $found }” can’t stand here. Put values with such signs in quotation marks.
query-error-quotes-missing = “{ $value }” is not known. Names of several words need quotation marks: { $quoted }

## Too large

query-error-too-long = The query is longer than { $max } characters. Save a part of it as a group.
query-error-too-deep = Parentheses stand more than { $max } deep. Take some away.
query-error-too-many-conditions = There are more than { $max } conditions. Save a part of them as a group.

## Properties

query-error-unknown-prefix = “{ $prefix }” can’t stand before a point. Write fields., training. or urns.
query-error-unknown-property = Nothing is called “{ $value }” here. Ask for name, phone, language, group, cadre, job, facility, place, training, or one of your fields.
query-error-unknown-property-near = Nothing is called “{ $value }” here. Did you mean { $near }?
query-error-no-contains = ~ works with name and phone only, not with { $property }. Use = instead.
query-error-no-comparison = { $operator } works with dates and numbers only, not with { $property }. Use = or !=.
query-error-always-set = Everybody has { $property }, so it can’t be asked whether it is there.
query-error-numbers-hidden = Phone numbers are hidden from you. You can ask phone = "" and phone != "" only.
query-error-contacts-only = People of the register have no { $property } as contacts in flows do. Ask for uuid, name or phone.

## Values

query-error-partial-name = After ~ a name needs a word of at least { $min } letters.
query-error-partial-number = After ~ a number needs at least { $min } digits.
query-error-number = “{ $value }” is no number. Write digits, with a point before decimals: 18 or 2.5.
query-error-date = “{ $value }” is no date. Write 2026-05-01, today, or -30d for 30 days ago (w weeks, m months, y years).
query-error-language = “{ $value }” is no language. Write its three letters, such as eng or fra.
query-error-phone = “{ $value }” is no phone number. Write its digits, or a part of them after ~.
query-error-sex = “{ $value }” is not known. Write female, male, other or unknown.
query-error-status = “{ $value }” is no status of a contact.
query-error-status-unused = Nobody is “{ $value }” in the register: people who left are in no audience. Ask for active or stopped.
query-error-yes-or-no = “{ $value }” is neither yes nor no. Write yes or no.
query-error-number-health = “{ $value }” says nothing of a number. Ask for wrong, invalid, failing, never, tried, works or verified.
query-error-uuid = “{ $value }” is no id of a person. Copy it from the person’s page.

## Names that are not known

query-error-unknown-place = No place is called “{ $value }”. Look it up under Places, or write its id.
query-error-unknown-place-near = No place is called “{ $value }”. Did you mean { $near }?
query-error-unknown-facility = No facility is called “{ $value }”. Look it up under Places, or write its id.
query-error-unknown-facility-near = No facility is called “{ $value }”. Did you mean { $near }?
query-error-unknown-cadre = No cadre is called “{ $value }”. Write its name in any language, or its code.
query-error-unknown-cadre-near = No cadre is called “{ $value }”. Did you mean { $near }?
query-error-unknown-job = No job title is called “{ $value }”. Write it as the registry does, or its code.
query-error-unknown-job-near = No job title is called “{ $value }”. Did you mean { $near }?
query-error-unknown-group = No group is called “{ $value }”. See the groups under Audiences.
query-error-unknown-group-near = No group is called “{ $value }”. Did you mean { $near }?
query-error-unknown-training = No training is called “{ $value }”. Write its name as the registry does, or its code.
query-error-unknown-training-near = No training is called “{ $value }”. Did you mean { $near }?
query-error-unknown-broadcast = No broadcast is called “{ $value }”. See the names under Broadcasts.
query-error-unknown-broadcast-near = No broadcast is called “{ $value }”. Did you mean { $near }?
query-error-unknown-source = No source is called “{ $value }”. See the names under Settings, Registries.
query-error-unknown-source-near = No source is called “{ $value }”. Did you mean { $near }?
query-error-unknown-flow = No flow is called “{ $value }”. See the names under Flows.
query-error-unknown-flow-near = No flow is called “{ $value }”. Did you mean { $near }?

## Names that several bear

query-error-ambiguous-place = { $count } places are called “{ $value }”. Write the id behind the one that you mean: { $candidates }
query-error-ambiguous-facility = { $count } facilities are called “{ $value }”. Write the id behind the one that you mean: { $candidates }
query-error-ambiguous-group = { $count } groups are called “{ $value }”. Write the id behind the one that you mean: { $candidates }
query-error-ambiguous-source = { $count } sources are called “{ $value }”. Write the id behind the one that you mean: { $candidates }
query-error-ambiguous-flow = { $count } flows are called “{ $value }”. Write the id behind the one that you mean: { $candidates }

## What a part of the sentence is about

query-kind-person = Person
query-kind-name = Name
query-kind-language = Language
query-kind-phone = Phone
query-kind-group = Group
query-kind-cadre = Cadre
query-kind-job = Job title
query-kind-facility = Facility
query-kind-place = Place and all below
query-kind-training = Training
query-kind-sex = Sex
query-kind-source = Source
query-kind-created-on = In the register since
query-kind-last-sent = Last message to them
query-kind-last-heard = Last message from them
query-kind-broadcast = Broadcast
query-kind-field = Field
query-kind-urn = Address
query-kind-status = Stopped all messages
query-kind-on-leave = On leave
query-kind-number-health = Health of numbers
query-kind-flow = Flow
query-kind-tickets = Open tickets
query-kind-several = Several conditions
