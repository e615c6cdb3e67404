### One person from many records: why two records are joined, shown or kept apart.

## What is compared
linkage-field-name-given = given name
linkage-field-name-family = family name
linkage-field-sex = sex
linkage-field-birth = date of birth
linkage-field-phone = phone
linkage-field-id = identifier
linkage-field-place = place
linkage-field-cadre = cadre

## How alike two values are
linkage-level-missing = one of the two does not say
linkage-level-exact = the same: { $left }
linkage-level-variant = two forms of one name: { $left } and { $right }
linkage-level-near = almost the same: { $left } and { $right }
linkage-level-loose = similar, or similar in sound: { $left } and { $right }
linkage-level-initial = one is a part or the initial of the other: { $left } and { $right }
linkage-level-crossed = given and family name were swapped: { $left } and { $right }
linkage-level-crossed-near = similar, with given and family name swapped: { $left } and { $right }
linkage-level-day-month = day and month were swapped: { $left } and { $right }
linkage-level-digit = one digit differs: { $left } and { $right }
linkage-level-year = the same year: { $left } and { $right }
linkage-level-year-near = close years, or the same day of another year: { $left } and { $right }
linkage-level-parent = two places of the same area: { $left } and { $right }
linkage-level-ancestor = the same region: { $left } and { $right }
linkage-level-far = different: { $left } and { $right }

## How strongly it speaks
linkage-strength-strongly-for = speaks strongly for one person
linkage-strength-for = speaks for one person
linkage-strength-little = says little
linkage-strength-against = speaks against
linkage-strength-strongly-against = speaks strongly against

## What was decided
linkage-because-told-link = Somebody confirmed that this is one person.
linkage-because-told-apart = Somebody said that these are two people.
linkage-because-identifier = Joined at once: both records carry the same trusted identifier.
linkage-because-score-link = Joined: { $percent } % likely to be one person.
linkage-because-score-review = To be decided: { $percent } % likely to be one person.
linkage-because-score-apart = Kept apart: only { $percent } % likely to be one person.
linkage-veto-same-source = Kept apart: both stand in one registry, which lists nobody twice.
linkage-veto-other-birth-and-sex = Kept apart: date of birth and sex differ, and no name is the same.
linkage-veto-shared-id-only = To be decided: the identifier is the same, but name and date of birth or sex differ. One of the two may be mistyped.
linkage-veto-two-ids = To be looked at: each record has a different identifier of a system that gives one to each person.
linkage-veto-phone-only = Kept apart: only the phone is the same. Colleagues share phones.

## A link that was held back
linkage-guard-same-source = Not joined: this person would stand twice in one registry.
linkage-guard-unlike = Not joined: other records of the two people do not fit together.
linkage-guard-too-many = Not joined: more records than one person has.
