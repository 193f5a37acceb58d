-- Notices to people, addresses of programs that are told of events, and each event on its way to one of them.

CREATE TABLE notice (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version    BIGINT NOT NULL,
    body       TEXT COLLATE "C" NOT NULL,
    mac        BYTEA NOT NULL,
    account_id TEXT COLLATE "C" NOT NULL REFERENCES account (id),
    event      TEXT COLLATE "C" NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    subject    TEXT COLLATE "C" NOT NULL,
    at         BIGINT NOT NULL,
    -- The reader's own mark, outside the MAC.
    read_at    BIGINT
);

CREATE UNIQUE INDEX notice_event ON notice (event, account_id);
CREATE INDEX notice_account ON notice (account_id, id);
CREATE INDEX notice_unread ON notice (account_id, id) WHERE read_at IS NULL;
CREATE INDEX notice_at ON notice (at);

CREATE TABLE webhook (
    id             TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version        BIGINT NOT NULL,
    body           TEXT COLLATE "C" NOT NULL,
    mac            BYTEA NOT NULL,
    state          TEXT COLLATE "C" NOT NULL CONSTRAINT webhook_state CHECK (state IN ('active', 'ended')),
    area_path      TEXT COLLATE "C" NOT NULL,
    unit_id        TEXT COLLATE "C" REFERENCES unit (id),
    parent_unit_id TEXT COLLATE "C" REFERENCES unit (id),
    target         TEXT COLLATE "C" NOT NULL
);

CREATE INDEX webhook_place ON webhook (area_path, id);
CREATE INDEX webhook_place_state ON webhook (state, area_path, id);
CREATE INDEX webhook_unit ON webhook (unit_id, id);
CREATE INDEX webhook_parent_unit ON webhook (parent_unit_id, id);
CREATE INDEX webhook_target ON webhook (target) WHERE state = 'active';

CREATE TABLE webhook_delivery (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version    BIGINT NOT NULL,
    body       TEXT COLLATE "C" NOT NULL,
    mac        BYTEA NOT NULL,
    state      TEXT COLLATE "C" NOT NULL CONSTRAINT webhook_delivery_state CHECK (state IN ('waiting', 'delivered', 'failed')),
    webhook_id TEXT COLLATE "C" NOT NULL REFERENCES webhook (id),
    event      TEXT COLLATE "C" NOT NULL,
    settled_at BIGINT
);

CREATE UNIQUE INDEX webhook_delivery_event ON webhook_delivery (webhook_id, event);
CREATE INDEX webhook_delivery_webhook ON webhook_delivery (webhook_id, id);
CREATE INDEX webhook_delivery_settled ON webhook_delivery (settled_at) WHERE settled_at IS NOT NULL;

-- Given up by queue: mails are listed apart.
CREATE INDEX job_dead_queue ON job (queue, ended_at, seq) WHERE state = 'dead';
