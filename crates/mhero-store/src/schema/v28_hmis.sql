-- What of which flow goes to which system of statistics (DHIS2), and each report that goes.

CREATE TABLE hmis_map (
    id {id} PRIMARY KEY,
    name {text} NOT NULL UNIQUE,
    source {id} NOT NULL,
    flow {id} NOT NULL,
    -- JSON: what of the results goes where, see mhero-exchange.
    config {text} NOT NULL,
    active {bool} NOT NULL,
    -- Runs that ended before are not reported.
    since {int} NOT NULL,
    updated_at {int} NOT NULL,
    version {int} NOT NULL
) {strict};

CREATE TABLE hmis_report (
    id {id} PRIMARY KEY,
    map {id} NOT NULL,
    run {id} NOT NULL,
    person {id} NOT NULL,
    place {id},
    -- The SMS that it came by.
    message {id},
    -- Unit and period in the other system's words.
    unit {text} NOT NULL,
    period {text} NOT NULL,
    -- JSON: what is reported.
    content {text} NOT NULL,
    -- approval, ready, accepted, conflict, refused, superseded, skipped
    state {text} NOT NULL,
    attempts {int} NOT NULL,
    next_at {int},
    -- JSON: what the other system said, or why it was not sent.
    answer {text},
    decided_by {id},
    decided_at {int},
    reported_at {int} NOT NULL,
    sent_at {int},
    version {int} NOT NULL,
    UNIQUE (map, run)
) {strict};
CREATE INDEX hmis_report_due ON hmis_report (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX hmis_report_list ON hmis_report (reported_at, id);
CREATE INDEX hmis_report_cell ON hmis_report (map, unit, period);
CREATE INDEX hmis_report_run ON hmis_report (run);

-- Runs that ended since an instant, of one flow.
CREATE INDEX flow_run_exited ON flow_run (flow, exited_at) WHERE exited_at IS NOT NULL;
