### One person from many records: what people are told when they join people and part them.

linking-thresholds = The lower threshold ({ $low }) must not be above the upper one ({ $high }), and both lie between 0 and 1.
linking-refused = People could not be compared: { $error }. Please report this.
linking-pair-changed = The two records have changed since you saw them. Look at them again.
linking-decided-same = Somebody was faster and said that these are one person.
linking-decided-different = Somebody was faster and said that these are two people.
linking-one-already = These are one person already.
linking-strangers = None of the two is a health worker of a registry. Join a stranger to a health worker.
linking-no-source = There is no registry yet. Import people first.
linking-undone = This was taken back already.
linking-under-way = People are being compared just now. Try again in a minute.
linking-shares = { $m } and { $u } must be shares: more than 0, and at most 1.
linking-no-level = There is no weight for that level of { $comparison }. The list of them: mhero people weights
linking-weight-unreadable = “{ $text }” can't be read as a weight. Write FIELD.LEVEL=ONE/TWO, for example birth.exact=0.9/0.0001.

## Command line
linking-cli-joined = { $name } is now one person from { $n } records. To take it back: mhero people unlink { $link }
linking-cli-parted = Taken back. They are two people, and nobody is asked about them again.
linking-cli-different = They are two people. Nobody is asked about them again.
linking-cli-pairs = { $n ->
    [0] No pair waits for somebody to look at it.
    [one] { $n } pair waits for somebody to look at it. To decide: mhero people link LEFT RIGHT, or mhero people link --different LEFT RIGHT
   *[other] { $n } pairs wait for somebody to look at them. To decide: mhero people link LEFT RIGHT, or mhero people link --different LEFT RIGHT
}
linking-cli-left = Left
linking-cli-right = Right
linking-cli-likely = Likely
linking-cli-why = Why
linking-cli-learned = Learned anew from { $n ->
    [one] { $n } person
   *[other] { $n } people
}. All were compared with these weights.
linking-cli-too-few = Too few people stand in two registries and are not joined yet: there is nothing to learn from. The weights stay as they are.
linking-cli-field = Field
linking-cli-level = Level
linking-cli-one = One person
linking-cli-two = Two people
linking-cli-bits = Bits
linking-cli-weights-set = Somebody has set weights: they are learned anew only with --learn.
linking-cli-weights-learned = Learned from { $n ->
    [one] { $n } person
   *[other] { $n } people
}. They are learned anew when there are half as many again, or another registry.
linking-cli-weights-usual = The usual weights: nothing was learned yet.
