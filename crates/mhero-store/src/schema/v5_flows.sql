-- Flows and what starts them. The tables that waited for the engine were never written to.

DROP TABLE flow_session;
DROP TABLE effect;
DROP TABLE conversation;

-- A flow keeps the id that its definition brought. settings: JSON of ours beside the definition (what it suspends, its lane).
CREATE TABLE flow (
    id {id} PRIMARY KEY,
    name {text} NOT NULL,
    folded {text} NOT NULL UNIQUE,
    kind {text} NOT NULL,
    revision {int} NOT NULL,
    settings {text} NOT NULL,
    origin {text} NOT NULL,
    programme {id},
    active {bool} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    version {int} NOT NULL
) {strict};

-- Every revision stays: sessions are pinned to theirs. original is the definition as received, where it was older.
CREATE TABLE flow_revision (
    flow {id} NOT NULL,
    revision {int} NOT NULL,
    definition {text} NOT NULL,
    original {text},
    findings {text} NOT NULL,
    created_by {id},
    created_at {int} NOT NULL,
    PRIMARY KEY (flow, revision)
) {strict};

-- What flows refer to and mHero has no noun of its own for: globals, labels, resthooks, topics, templates.
CREATE TABLE flow_asset (
    kind {text} NOT NULL,
    id {text} NOT NULL,
    name {text} NOT NULL,
    content {text} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (kind, id)
) {compact};

-- One start of a flow for an audience. status: starting, started, cancelled.
CREATE TABLE flow_start (
    id {id} PRIMARY KEY,
    number {int} NOT NULL UNIQUE,
    flow {id} NOT NULL,
    revision {int} NOT NULL,
    query {text} NOT NULL,
    params {text} NOT NULL,
    lane {int} NOT NULL,
    channel {id},
    programme {id},
    status {text} NOT NULL,
    cause {text} NOT NULL,
    once_key {text} UNIQUE,
    is_test {bool} NOT NULL,
    is_drill {bool} NOT NULL,
    created_by {id},
    created_at {int} NOT NULL,
    ended_at {int},
    matched {int} NOT NULL,
    recipients {int} NOT NULL,
    version {int} NOT NULL
) {strict};
CREATE INDEX flow_start_flow ON flow_start (flow, created_at);
CREATE INDEX flow_start_created ON flow_start (created_at);

CREATE TABLE flow_start_slice (
    start {id} NOT NULL,
    number {int} NOT NULL,
    content {text} NOT NULL,
    PRIMARY KEY (start, number)
) {strict};

CREATE TABLE flow_start_left_out (
    start {id} NOT NULL,
    person {id} NOT NULL,
    reason {text} NOT NULL,
    PRIMARY KEY (start, person)
) {compact};

-- A stack per number and person: the one of the greatest depth answers. state: open, suspended, ended; beside for those of
-- background flows, which ask nothing and lie on no stack.
CREATE TABLE conversation (
    id {id} PRIMARY KEY,
    scheme {text} NOT NULL,
    path {text} NOT NULL,
    person {id} NOT NULL,
    channel {id},
    depth {int} NOT NULL,
    state {text} NOT NULL,
    wrote_at {int},
    created_at {int} NOT NULL,
    version {int} NOT NULL
) {strict};
CREATE INDEX conversation_open ON conversation (path, scheme, depth) WHERE state <> 'ended';
CREATE INDEX conversation_person ON conversation (person, created_at);
-- One at most is open for a person at a number, whatever begins at the same moment on however many nodes.
CREATE UNIQUE INDEX conversation_top ON conversation (path, scheme, person) WHERE state = 'open';

-- A session pins the revision of its flow and of every flow that it may enter (pins: JSON, flow to revision). state is a blob
-- that begins with a version byte and can stand in mid-sprint; effect is what it then waits for. status: effect, waiting,
-- suspended, completed, failed, interrupted. While suspended, its timeout and expiry stand frozen as what was left of them.
CREATE TABLE flow_session (
    id {id} PRIMARY KEY,
    conversation {id} NOT NULL,
    person {id} NOT NULL,
    flow {id} NOT NULL,
    revision {int} NOT NULL,
    pins {text} NOT NULL,
    start {id},
    cause {text} NOT NULL,
    parent {id},
    lane {int} NOT NULL,
    channel {id},
    status {text} NOT NULL,
    state {bytes} NOT NULL,
    effect {text},
    sprints {int} NOT NULL,
    timeout_at {int},
    expires_at {int},
    timeout_left {int},
    expiry_left {int},
    once_key {text} UNIQUE,
    is_test {bool} NOT NULL,
    is_drill {bool} NOT NULL,
    created_at {int} NOT NULL,
    replied_at {int},
    ended_at {int},
    version {int} NOT NULL
) {strict};
CREATE INDEX flow_session_conversation ON flow_session (conversation);
CREATE INDEX flow_session_person ON flow_session (person, created_at);
CREATE INDEX flow_session_start ON flow_session (start, status);
CREATE INDEX flow_session_flow ON flow_session (flow, created_at);
CREATE INDEX flow_session_live ON flow_session (flow, revision) WHERE ended_at IS NULL;

-- Runs and results as the sessions reported them: what the results pages and the exports read. node is where the run stands
-- or stood last.
CREATE TABLE flow_run (
    id {id} PRIMARY KEY,
    session {id} NOT NULL,
    flow {id} NOT NULL,
    revision {int} NOT NULL,
    person {id} NOT NULL,
    start {id},
    parent {id},
    status {text} NOT NULL,
    node {id},
    is_test {bool} NOT NULL,
    started_at {int} NOT NULL,
    replied_at {int},
    exited_at {int}
) {strict};
CREATE INDEX flow_run_flow ON flow_run (flow, started_at, id);
CREATE INDEX flow_run_session ON flow_run (session);
CREATE INDEX flow_run_person ON flow_run (person, started_at);
CREATE INDEX flow_run_start ON flow_run (start, flow);

CREATE TABLE flow_result (
    run {id} NOT NULL,
    key {text} NOT NULL,
    flow {id} NOT NULL,
    name {text} NOT NULL,
    value {text} NOT NULL,
    category {text} NOT NULL,
    input {text},
    node {id},
    at {int} NOT NULL,
    PRIMARY KEY (run, key)
) {strict};
CREATE INDEX flow_result_flow ON flow_result (flow, key, category);

-- The ways that people took: how often each exit led where.
CREATE TABLE flow_way (
    flow {id} NOT NULL,
    exit_id {id} NOT NULL,
    destination {id} NOT NULL,
    bucket {int} NOT NULL,
    passed {int} NOT NULL,
    PRIMARY KEY (flow, exit_id, destination, bucket)
) {compact};

-- An outside call that a session asked for: written before, answered after, repeated only if declared safe. state: ready,
-- calling, answered, failed, uncertain. request and answer are sealed: they hold what people wrote.
CREATE TABLE effect (
    key {text} PRIMARY KEY,
    id {id} NOT NULL UNIQUE,
    session {id} NOT NULL,
    flow {id} NOT NULL,
    node {id},
    kind {text} NOT NULL,
    peer {text} NOT NULL,
    request {bytes} NOT NULL,
    repeatable {bool} NOT NULL,
    state {text} NOT NULL,
    attempt {int} NOT NULL,
    ready_at {int} NOT NULL,
    answer {bytes},
    status {int},
    failure {text},
    created_at {int} NOT NULL,
    called_at {int},
    answered_at {int}
) {strict};
CREATE INDEX effect_ready ON effect (ready_at) WHERE state = 'ready';
CREATE INDEX effect_calling ON effect (called_at) WHERE state = 'calling';
CREATE INDEX effect_created ON effect (created_at, id);
CREATE INDEX effect_session ON effect (session);

-- What starts a flow by itself. kind: keyword, catch_all, missed_call, schedule, new_person. terms: JSON by kind.
-- groups and exclude: JSON lists of group ids.
CREATE TABLE flow_trigger (
    id {id} PRIMARY KEY,
    kind {text} NOT NULL,
    flow {id} NOT NULL,
    terms {text} NOT NULL,
    groups {text} NOT NULL,
    exclude {text} NOT NULL,
    channel {id},
    urgent {bool} NOT NULL,
    active {bool} NOT NULL,
    created_by {id},
    created_at {int} NOT NULL,
    version {int} NOT NULL
) {strict};
CREATE INDEX flow_trigger_flow ON flow_trigger (flow);

-- Each keyword once under the same conditions: clashing ones can't both be written.
CREATE TABLE flow_trigger_word (
    word {text} NOT NULL,
    conditions {text} NOT NULL,
    trigger_id {id} NOT NULL,
    PRIMARY KEY (word, conditions)
) {compact};
CREATE INDEX flow_trigger_word_trigger ON flow_trigger_word (trigger_id);

CREATE TABLE campaign (
    id {id} PRIMARY KEY,
    name {text} NOT NULL,
    folded {text} NOT NULL UNIQUE,
    member_of {id} NOT NULL,
    programme {id},
    active {bool} NOT NULL,
    created_by {id},
    created_at {int} NOT NULL,
    version {int} NOT NULL
) {strict};

-- offset in units before (negative) or after the date; hour: -1 for the date's own time of day. mode: interrupt, skip,
-- passive. texts: JSON, language to text. Raising version cancels what had been planned.
CREATE TABLE campaign_event (
    id {id} PRIMARY KEY,
    campaign {id} NOT NULL,
    field {text} NOT NULL,
    offset_by {int} NOT NULL,
    unit {text} NOT NULL,
    hour {int} NOT NULL,
    flow {id},
    texts {text} NOT NULL,
    language {text} NOT NULL,
    mode {text} NOT NULL,
    active {bool} NOT NULL,
    created_at {int} NOT NULL,
    version {int} NOT NULL
) {strict};
CREATE INDEX campaign_event_campaign ON campaign_event (campaign);
CREATE INDEX campaign_event_field ON campaign_event (field);

-- What is planned for whom. fired_at says that it is done, and stands so that nobody gets it twice for the same date.
CREATE TABLE campaign_fire (
    event {id} NOT NULL,
    person {id} NOT NULL,
    due_at {int} NOT NULL,
    event_version {int} NOT NULL,
    fired_at {int},
    outcome {text},
    PRIMARY KEY (event, person, due_at)
) {compact};
CREATE INDEX campaign_fire_due ON campaign_fire (due_at) WHERE fired_at IS NULL;
CREATE INDEX campaign_fire_person ON campaign_fire (person);

-- Several people of one phone wait for a text each: the text that came is held until it is known who wrote it.
CREATE TABLE who_asked (
    scheme {text} NOT NULL,
    path {text} NOT NULL,
    held {text} NOT NULL,
    asked_at {int} NOT NULL,
    PRIMARY KEY (scheme, path)
) {compact};
