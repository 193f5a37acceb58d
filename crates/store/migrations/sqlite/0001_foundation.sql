-- What the registry needs before it knows a seal. Times are microseconds since 1970 UTC.

CREATE TABLE setting (
    key        TEXT NOT NULL PRIMARY KEY,
    value      TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    mac        BLOB NOT NULL
) STRICT;

CREATE TABLE clock (
    id      INTEGER NOT NULL PRIMARY KEY CONSTRAINT clock_one_row CHECK (id = 1),
    highest INTEGER NOT NULL
) STRICT;

INSERT INTO clock (id, highest) VALUES (1, 0);

CREATE TABLE counter (
    key   TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL CONSTRAINT counter_positive CHECK (value > 0)
) STRICT;

CREATE TABLE key_ring (
    label      TEXT NOT NULL,
    number     INTEGER NOT NULL CONSTRAINT key_ring_numbered CHECK (number > 0),
    wrapped    BLOB NOT NULL,
    wrapped_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    retired_at INTEGER,
    CONSTRAINT key_ring_once PRIMARY KEY (label, number)
) STRICT;

CREATE TABLE idempotency (
    owner      TEXT NOT NULL,
    key        TEXT NOT NULL,
    request    BLOB NOT NULL,
    status     INTEGER NOT NULL,
    headers    TEXT NOT NULL,
    body       BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    CONSTRAINT idempotency_once PRIMARY KEY (owner, key)
) STRICT;

CREATE INDEX idempotency_expiry ON idempotency (expires_at);

CREATE TABLE session (
    token_hash   BLOB NOT NULL PRIMARY KEY,
    id           TEXT NOT NULL,
    account_id   TEXT NOT NULL,
    method       TEXT NOT NULL,
    csrf_hash    BLOB NOT NULL,
    address      TEXT NOT NULL,
    agent        TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    mac          BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX session_id ON session (id);
CREATE INDEX session_account ON session (account_id, id);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE login_challenge (
    id         TEXT NOT NULL PRIMARY KEY,
    purpose    TEXT NOT NULL,
    subject    TEXT,
    payload    BLOB NOT NULL,
    address    TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX login_challenge_expiry ON login_challenge (expires_at);

CREATE TABLE nonce (
    client     TEXT NOT NULL,
    nonce      TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    CONSTRAINT nonce_once PRIMARY KEY (client, nonce)
) STRICT;

CREATE INDEX nonce_expiry ON nonce (expires_at);

-- While a job runs, run_at is the end of its lease: a job whose worker died comes due again by itself.
CREATE TABLE job (
    seq        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL,
    queue      TEXT NOT NULL,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    payload    TEXT NOT NULL,
    state      TEXT NOT NULL CONSTRAINT job_state CHECK (state IN ('waiting', 'running', 'done', 'dead')),
    run_at     INTEGER NOT NULL,
    attempts   INTEGER NOT NULL,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    ended_at   INTEGER
) STRICT;

CREATE UNIQUE INDEX job_id ON job (id);
CREATE INDEX job_due ON job (queue, run_at, seq) WHERE state IN ('waiting', 'running');
CREATE INDEX job_order ON job (subject, seq) WHERE state IN ('waiting', 'running');
CREATE INDEX job_ended ON job (state, ended_at, seq);
