-- Indexes for what is read often, and what the weights of the comparison were learned from.

-- What was decided of pairs, the latest first.
CREATE INDEX link_pair_decided ON link_pair ((-decided_at), left_person, right_person) WHERE decided_at IS NOT NULL;

-- people: how many were compared when the weights were learned; sources: whose, as a text of ids. is_set: somebody has adjusted the
-- weights, so that nothing but their wish learns them anew.
ALTER TABLE link_model ADD COLUMN people {int};
ALTER TABLE link_model ADD COLUMN sources {text};
ALTER TABLE link_model ADD COLUMN is_set {bool};
