-- Two-person release, and how workers tell true messages from false ones.

-- A broadcast that waits, or waited, for a second person. digest: of all that the second person is asked about. plan: what happens
-- once somebody has agreed, as JSON. state: waiting, approved, refused, void.
CREATE TABLE approval (
    id {id} PRIMARY KEY,
    broadcast {id} NOT NULL,
    digest {bytes} NOT NULL,
    plan {text} NOT NULL,
    people {int} NOT NULL,
    sms {int} NOT NULL,
    state {text} NOT NULL,
    reason {text} NOT NULL,
    asked_at {int} NOT NULL,
    decided_by {id},
    by_sms {bool} NOT NULL,
    decided_at {int},
    version {int} NOT NULL
) {strict};
CREATE INDEX approval_broadcast ON approval (broadcast, asked_at);
CREATE INDEX approval_state ON approval (state, asked_at);

-- A one-time code that goes to the phone of somebody who may agree. The code is sealed, and stands in no text that is kept: it is
-- put into the SMS as it leaves. state: open, used, locked, void.
CREATE TABLE approval_code (
    id {id} PRIMARY KEY,
    approval {id} NOT NULL,
    approver {id} NOT NULL,
    path {text} NOT NULL,
    message {id} NOT NULL,
    sealed {bytes} NOT NULL,
    tries {int} NOT NULL,
    state {text} NOT NULL,
    expires_at {int} NOT NULL
) {strict};
CREATE INDEX approval_code_path ON approval_code (path, expires_at);
CREATE INDEX approval_code_approval ON approval_code (approval);
CREATE INDEX approval_code_message ON approval_code (message);

-- The code under which a worker can ask whether a message is true. kind: broadcast, start, campaign.
CREATE TABLE trust_code (
    code {text} PRIMARY KEY,
    kind {text} NOT NULL,
    about {id} NOT NULL UNIQUE,
    made_at {int} NOT NULL
) {strict};

-- What workers asked about or told of messages that they doubted. code: as typed; empty where a message was told of. about: what
-- the code belongs to; NULL where it is no code of ours.
CREATE TABLE trust_asked (
    id {id} PRIMARY KEY,
    path {text} NOT NULL,
    code {text} NOT NULL,
    about {id},
    message {id} NOT NULL,
    heard_at {int} NOT NULL
) {strict};
CREATE INDEX trust_asked_path ON trust_asked (path, heard_at);
CREATE INDEX trust_asked_about ON trust_asked (about, heard_at);
CREATE INDEX trust_asked_heard ON trust_asked (heard_at);
