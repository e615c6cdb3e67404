-- What runs gave: kept so that a run that is undone takes it back.

-- Each membership that a run says is. is_new: nobody was in that group before the run said so.
CREATE TABLE run_member (
    run {id} NOT NULL,
    member_of {id} NOT NULL,
    person {id} NOT NULL,
    is_new {bool} NOT NULL,
    PRIMARY KEY (run, member_of, person)
) {compact};
CREATE INDEX run_member_of ON run_member (member_of, person);

-- Each group that a run made because a record names it.
CREATE TABLE run_group (
    run {id} NOT NULL,
    member_of {id} NOT NULL,
    PRIMARY KEY (run, member_of)
) {compact};
