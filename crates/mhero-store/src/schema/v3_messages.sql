-- Channels, broadcasts, messages in and out, conversations.

CREATE TABLE channel (
    id {id} PRIMARY KEY,
    name {text} NOT NULL UNIQUE,
    kind {text} NOT NULL,
    config {text} NOT NULL,
    secret {bytes},
    sender {text},
    parts_per_second {float} NOT NULL,
    active {bool} NOT NULL,
    created_at {int} NOT NULL,
    version {int} NOT NULL
) {strict};

-- status: draft, undo, scheduled, recurring, releasing, sending, paused, done, cancelled.
CREATE TABLE broadcast (
    id {id} PRIMARY KEY,
    number {int} NOT NULL UNIQUE,
    name {text} NOT NULL,
    query {text} NOT NULL,
    status {text} NOT NULL,
    lane {int} NOT NULL,
    channel {id},
    programme {id},
    parent {id},
    release_at {int},
    zone {text} NOT NULL,
    recurrence {text},
    quiet_override {text},
    once_key {text} UNIQUE,
    is_test {bool} NOT NULL,
    is_drill {bool} NOT NULL,
    created_by {id},
    created_at {int} NOT NULL,
    released_at {int},
    ended_at {int},
    matched {int} NOT NULL,
    recipients {int} NOT NULL,
    version {int} NOT NULL
) {strict};
CREATE INDEX broadcast_created ON broadcast (created_at);
CREATE INDEX broadcast_status ON broadcast (status);

CREATE TABLE broadcast_text (
    broadcast {id} NOT NULL,
    language {text} NOT NULL,
    template {text} NOT NULL,
    PRIMARY KEY (broadcast, language)
) {compact};

-- The audience as it was at release. Recipients stand in slices until their messages are in the outbox; who was left out,
-- with the reason, stays.
CREATE TABLE broadcast_slice (
    broadcast {id} NOT NULL,
    number {int} NOT NULL,
    content {text} NOT NULL,
    PRIMARY KEY (broadcast, number)
) {strict};

CREATE TABLE broadcast_left_out (
    broadcast {id} NOT NULL,
    person {id} NOT NULL,
    reason {text} NOT NULL,
    PRIMARY KEY (broadcast, person)
) {compact};
CREATE INDEX broadcast_left_out_reason ON broadcast_left_out (broadcast, reason);

-- Texts stand apart, with a retention class. One row serves all who get the same words.
CREATE TABLE message_body (
    id {id} PRIMARY KEY,
    text {text},
    retention {text} NOT NULL,
    created_at {int} NOT NULL,
    erased_at {int}
) {strict};

CREATE TABLE message (
    id {id} PRIMARY KEY,
    direction {text} NOT NULL,
    kind {text} NOT NULL,
    state {text} NOT NULL,
    lane {int} NOT NULL,
    person {id} NOT NULL,
    scheme {text} NOT NULL,
    path {text} NOT NULL,
    channel {id},
    conversation {id},
    broadcast {id},
    thread {id},
    body {id} NOT NULL,
    language {text},
    segments {int} NOT NULL,
    dedupe_key {text} NOT NULL UNIQUE,
    reply_to {id},
    answers {id},
    failure {text},
    written_by {id},
    programme {id},
    is_test {bool} NOT NULL,
    is_drill {bool} NOT NULL,
    created_at {int} NOT NULL,
    sent_at {int},
    done_at {int},
    version {int} NOT NULL
) {strict};
CREATE INDEX message_person ON message (person, created_at);
CREATE INDEX message_path ON message (path, created_at);
CREATE INDEX message_broadcast ON message (broadcast, state);
CREATE INDEX message_thread ON message (thread, created_at);
CREATE INDEX message_answers ON message (answers, person);
CREATE INDEX message_created ON message (created_at);
CREATE INDEX message_uncertain ON message (created_at) WHERE state = 'uncertain';

-- What still has to leave. lane and conversation decide what may go; sequence is the order within a conversation.
CREATE TABLE outbox (
    message {id} PRIMARY KEY,
    channel {id},
    lane {int} NOT NULL,
    conversation {id} NOT NULL,
    sequence {int} NOT NULL,
    broadcast {id},
    ready_at {int} NOT NULL,
    attempt {int} NOT NULL,
    quiet_exempt {bool} NOT NULL,
    held {bool} NOT NULL,
    submitting {bool} NOT NULL,
    created_at {int} NOT NULL
) {strict};
CREATE INDEX outbox_next ON outbox (lane, broadcast, ready_at) WHERE NOT held;
CREATE INDEX outbox_submitting ON outbox (channel) WHERE submitting;
CREATE INDEX outbox_conversation ON outbox (conversation, lane, sequence);
CREATE INDEX outbox_broadcast ON outbox (broadcast, message);

-- One attempt with one part. Price is in micro-units of its currency, as it was when submitted.
CREATE TABLE submission (
    id {id} PRIMARY KEY,
    message {id} NOT NULL,
    attempt {int} NOT NULL,
    part {int} NOT NULL,
    parts {int} NOT NULL,
    channel {id} NOT NULL,
    carrier_id {text},
    state {text} NOT NULL,
    price_micros {int},
    currency {text},
    failure {text},
    submitted_at {int} NOT NULL,
    answered_at {int},
    reported_at {int},
    UNIQUE (message, attempt, part)
) {strict};
CREATE INDEX submission_carrier ON submission (channel, carrier_id);

-- A report that came before the carrier's answer to the submission it reports on.
CREATE TABLE early_report (
    channel {id} NOT NULL,
    carrier_id {text} NOT NULL,
    state {text} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (channel, carrier_id, state)
) {compact};

-- Received and acknowledged, not yet processed. One at a time per phone, in order of entry.
CREATE TABLE intake (
    entry {serial},
    id {id} NOT NULL UNIQUE,
    channel {id} NOT NULL,
    carrier_id {text},
    scheme {text} NOT NULL,
    path {text} NOT NULL,
    text {text} NOT NULL,
    received_at {int} NOT NULL,
    attempt {int} NOT NULL,
    ready_at {int} NOT NULL,
    UNIQUE (channel, carrier_id)
) {strict};
CREATE INDEX intake_path ON intake (path, entry);

-- A stack per number and person: depth 0 is the bottom; the top answers. Ended ones leave the stack but stay.
CREATE TABLE conversation (
    id {id} PRIMARY KEY,
    scheme {text} NOT NULL,
    path {text} NOT NULL,
    person {id} NOT NULL,
    kind {text} NOT NULL,
    broadcast {id},
    thread {id},
    depth {int} NOT NULL,
    state {text} NOT NULL,
    wrote_at {int},
    timeout_at {int},
    frozen_micros {int},
    created_at {int} NOT NULL,
    version {int} NOT NULL
) {strict};
CREATE INDEX conversation_path ON conversation (path, wrote_at);
CREATE INDEX conversation_person ON conversation (person);

-- A thread in the inbox.
CREATE TABLE thread (
    id {id} PRIMARY KEY,
    number {int} NOT NULL UNIQUE,
    person {id} NOT NULL,
    scheme {text} NOT NULL,
    path {text} NOT NULL,
    place {id},
    state {text} NOT NULL,
    owner {id},
    label {text},
    opened_at {int} NOT NULL,
    waiting_since {int},
    heard_at {int} NOT NULL,
    closed_at {int},
    version {int} NOT NULL
) {strict};
CREATE INDEX thread_person ON thread (person, state);
CREATE INDEX thread_state ON thread (state, waiting_since);

-- A flow session pins its revision; its state is a blob that begins with a version byte and can stand in mid-sprint.
CREATE TABLE flow_session (
    id {id} PRIMARY KEY,
    conversation {id} NOT NULL,
    person {id} NOT NULL,
    flow {id} NOT NULL,
    revision {int} NOT NULL,
    status {text} NOT NULL,
    state {bytes} NOT NULL,
    is_test {bool} NOT NULL,
    is_drill {bool} NOT NULL,
    created_at {int} NOT NULL,
    ended_at {int},
    version {int} NOT NULL
) {strict};

-- An outside call that a session asked for: written before, answered after, repeated only if declared safe.
CREATE TABLE effect (
    key {text} PRIMARY KEY,
    session {id} NOT NULL,
    kind {text} NOT NULL,
    request {text} NOT NULL,
    repeatable {bool} NOT NULL,
    state {text} NOT NULL,
    answer {text},
    created_at {int} NOT NULL,
    answered_at {int}
) {strict};

-- The simulator's network: what each simulated phone has got and written.
CREATE TABLE simulated_sms (
    entry {serial},
    path {text} NOT NULL,
    direction {text} NOT NULL,
    text {text} NOT NULL,
    channel {id} NOT NULL,
    carrier_id {text} NOT NULL,
    reference {text},
    part {int} NOT NULL,
    parts {int} NOT NULL,
    at {int} NOT NULL,
    due_at {int},
    due {text},
    UNIQUE (carrier_id)
) {strict};
CREATE INDEX simulated_sms_path ON simulated_sms (path, entry);
CREATE INDEX simulated_sms_due ON simulated_sms (due_at) WHERE due_at IS NOT NULL;
