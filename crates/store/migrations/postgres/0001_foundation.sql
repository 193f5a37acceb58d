-- What the registry needs before it knows a seal. Times are microseconds since 1970 UTC.

CREATE TABLE setting (
    key        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value      TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL,
    mac        BYTEA NOT NULL
);

CREATE TABLE clock (
    id      BIGINT NOT NULL PRIMARY KEY CONSTRAINT clock_one_row CHECK (id = 1),
    highest BIGINT NOT NULL
);

INSERT INTO clock (id, highest) VALUES (1, 0);

CREATE TABLE counter (
    key   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL CONSTRAINT counter_positive CHECK (value > 0)
);

CREATE TABLE key_ring (
    label      TEXT COLLATE "C" NOT NULL,
    number     BIGINT NOT NULL CONSTRAINT key_ring_numbered CHECK (number > 0),
    wrapped    BYTEA NOT NULL,
    wrapped_by TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT,
    CONSTRAINT key_ring_once PRIMARY KEY (label, number)
);

CREATE TABLE idempotency (
    owner      TEXT COLLATE "C" NOT NULL,
    key        TEXT COLLATE "C" NOT NULL,
    request    BYTEA NOT NULL,
    status     BIGINT NOT NULL,
    headers    TEXT COLLATE "C" NOT NULL,
    body       BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT idempotency_once PRIMARY KEY (owner, key)
);

CREATE INDEX idempotency_expiry ON idempotency (expires_at);

CREATE TABLE session (
    token_hash   BYTEA NOT NULL PRIMARY KEY,
    id           TEXT COLLATE "C" NOT NULL,
    account_id   TEXT COLLATE "C" NOT NULL,
    method       TEXT COLLATE "C" NOT NULL,
    csrf_hash    BYTEA NOT NULL,
    address      TEXT COLLATE "C" NOT NULL,
    agent        TEXT COLLATE "C" NOT NULL,
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    mac          BYTEA NOT NULL
);

CREATE UNIQUE INDEX session_id ON session (id);
CREATE INDEX session_account ON session (account_id, id);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE login_challenge (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    purpose    TEXT COLLATE "C" NOT NULL,
    subject    TEXT COLLATE "C",
    payload    BYTEA NOT NULL,
    address    TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX login_challenge_expiry ON login_challenge (expires_at);

CREATE TABLE nonce (
    client     TEXT COLLATE "C" NOT NULL,
    nonce      TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT nonce_once PRIMARY KEY (client, nonce)
);

CREATE INDEX nonce_expiry ON nonce (expires_at);

-- While a job runs, run_at is the end of its lease: a job whose worker died comes due again by itself.
CREATE TABLE job (
    seq        BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id         TEXT COLLATE "C" NOT NULL,
    queue      TEXT COLLATE "C" NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    subject    TEXT COLLATE "C" NOT NULL,
    payload    TEXT COLLATE "C" NOT NULL,
    state      TEXT COLLATE "C" NOT NULL CONSTRAINT job_state CHECK (state IN ('waiting', 'running', 'done', 'dead')),
    run_at     BIGINT NOT NULL,
    attempts   BIGINT NOT NULL,
    last_error TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    ended_at   BIGINT
);

CREATE UNIQUE INDEX job_id ON job (id);
CREATE INDEX job_due ON job (queue, run_at, seq) WHERE state IN ('waiting', 'running');
CREATE INDEX job_order ON job (subject, seq) WHERE state IN ('waiting', 'running');
CREATE INDEX job_ended ON job (state, ended_at, seq);
