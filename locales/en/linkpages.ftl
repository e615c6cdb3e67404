# Pages of pairs that may be one person.
nav-links = Possible duplicates
links-lead = { $n ->
    [0] No pair waits.
    [one] One pair may be one person. Compare, then decide.
   *[other] { $n } pairs may each be one person. Compare, then decide.
}
links-open = To decide
links-decided = Decided
links-field = What
links-agreement = How alike
links-likely = { $percent } likely to be one person
links-same = Same person
links-different = Two people
links-next = Next pair
links-key-same = same
links-key-different = two people
links-key-next = next
links-what-same = They become one record: one message, one history, every source kept. It can be undone.
links-empty = No pair to compare
links-empty-why = Pairs are found when registries and files are read. What is clear is joined by itself.
links-again = Begin again
links-said-same = One person from now on.
links-said-different = Two people. This pair is not asked again.
links-changed = This pair has changed since you saw it. Nothing was decided; here is the next.
links-undone = Taken back. They are two people again, each with their own record.
links-not-undone = It has been taken back already, or can’t be.
links-person = Person
links-other = Other record
links-decision = Decision
links-by = By
links-by-rule = Rule
links-undo = Undo
links-undo-of = Undo joining { $name }
links-none-decided = Nothing was decided yet
links-joined = Joined records
links-joined-at = Joined { $day }, by { $who }.
links-records-of = Records of { $names }
links-compare = { $left } beside { $right }
links-after-all = One person after all
