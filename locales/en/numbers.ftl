# Health of numbers.
nav-numbers = Number health
numbers-lead = What arrived, what failed and what people said decides, not what a record claims.
numbers-all = All
numbers-wrong = Wrong person
numbers-invalid = Not a number
numbers-failing = Fails
numbers-verified = Confirmed
numbers-works = Works
numbers-tried = No news
numbers-never = Never tried
numbers-without = { $n ->
    [one] One health worker has no number at all in the register.
   *[other] { $n } health workers have no number at all in the register.
}
numbers-ask-why = { $n ->
    [one] One number is shown. Write to its owner and ask them to confirm it: a reply settles it.
   *[other] { $n } numbers are shown. Write to their owners and ask them to confirm: a reply settles it.
}
numbers-ask = Ask them
numbers-empty = No number here
numbers-empty-why = Numbers come with the people that registries and files hold.
numbers-person = Person
numbers-number = Number
numbers-state = State
numbers-evidence = Evidence
numbers-people = People
numbers-more = Show more
numbers-why-failing = { $n ->
    [one] One failure, { $day }.
   *[other] { $n } failures since it last worked, the last { $day }.
}
numbers-why-error = The network said: { $error }.
numbers-why-verified = Confirmed by the person, { $day }.
numbers-why-works = Last worked { $day }.
numbers-why-tried = Last tried { $day }; the network did not say how it ended.
numbers-why-wrong = Somebody who has this phone said that they are not this person. Nothing is sent there any more.
numbers-why-invalid = What stands in the record can’t be a number of this country. Correct it at the source.
numbers-why-never = Nothing was sent there yet.
numbers-give-back = It is theirs after all
numbers-given-back = The number is theirs again.
numbers-shared = Numbers of several people
numbers-shared-lead = Each message to one of them reaches the same phone. Texts then say whom they are for.
numbers-shared-none = No number belongs to several active health workers
numbers-reach = Reach
numbers-reach-lead = How many messages reached phones, by where people work and by operator. Messages of which nobody knows the end are left out.
numbers-reach-none = Nothing was sent in these days.
numbers-days = { $n } days
numbers-by-place = By place
numbers-by-operator = By operator
numbers-by-day = Day by day
numbers-place = Place
numbers-operator = Operator
numbers-day = Day
numbers-tried-head = Sent
numbers-delivered-head = Arrived
numbers-no-place = Without a place
numbers-no-operator = Unknown operator
operators-too-many = There can be { $max } operators at most.
operator-name = Give each operator a name of { $max } characters at most.
operator-without-prefix = { $name } needs at least one prefix, such as +23177.
operator-prefix = “{ $prefix }” of { $name } is no prefix. Write the plus sign, the country’s code and the first digits, such as +23177.
cli-operators-none = No operator is known yet. Name them: mhero channel operators NAME=PREFIX,PREFIX
