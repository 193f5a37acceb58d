-- Notices to people, addresses of programs that are told of events, and each event on its way to one of them.

CREATE TABLE notice (
    id         TEXT NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    body       TEXT NOT NULL,
    mac        BLOB NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id),
    event      TEXT NOT NULL,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    at         INTEGER NOT NULL,
    -- The reader's own mark, outside the MAC.
    read_at    INTEGER
) STRICT;

CREATE UNIQUE INDEX notice_event ON notice (event, account_id);
CREATE INDEX notice_account ON notice (account_id, id);
CREATE INDEX notice_unread ON notice (account_id, id) WHERE read_at IS NULL;
CREATE INDEX notice_at ON notice (at);

CREATE TABLE webhook (
    id             TEXT NOT NULL PRIMARY KEY,
    version        INTEGER NOT NULL,
    body           TEXT NOT NULL,
    mac            BLOB NOT NULL,
    state          TEXT NOT NULL CONSTRAINT webhook_state CHECK (state IN ('active', 'ended')),
    area_path      TEXT NOT NULL,
    unit_id        TEXT REFERENCES unit (id),
    parent_unit_id TEXT REFERENCES unit (id),
    target         TEXT NOT NULL
) STRICT;

CREATE INDEX webhook_place ON webhook (area_path, id);
CREATE INDEX webhook_place_state ON webhook (state, area_path, id);
CREATE INDEX webhook_unit ON webhook (unit_id, id);
CREATE INDEX webhook_parent_unit ON webhook (parent_unit_id, id);
CREATE INDEX webhook_target ON webhook (target) WHERE state = 'active';

CREATE TABLE webhook_delivery (
    id         TEXT NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    body       TEXT NOT NULL,
    mac        BLOB NOT NULL,
    state      TEXT NOT NULL CONSTRAINT webhook_delivery_state CHECK (state IN ('waiting', 'delivered', 'failed')),
    webhook_id TEXT NOT NULL REFERENCES webhook (id),
    event      TEXT NOT NULL,
    settled_at INTEGER
) STRICT;

CREATE UNIQUE INDEX webhook_delivery_event ON webhook_delivery (webhook_id, event);
CREATE INDEX webhook_delivery_webhook ON webhook_delivery (webhook_id, id);
CREATE INDEX webhook_delivery_settled ON webhook_delivery (settled_at) WHERE settled_at IS NOT NULL;

-- Given up by queue: mails are listed apart.
CREATE INDEX job_dead_queue ON job (queue, ended_at, seq) WHERE state = 'dead';
