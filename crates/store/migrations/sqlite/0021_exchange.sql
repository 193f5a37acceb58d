-- Other seal systems that are recognized, their trust lists, what goes out to them, and what they tell of their seals.

CREATE TABLE peer (
    id        TEXT NOT NULL PRIMARY KEY,
    version   INTEGER NOT NULL,
    body      TEXT NOT NULL,
    mac       BLOB NOT NULL,
    code      TEXT NOT NULL,
    area_path TEXT NOT NULL,
    name      TEXT NOT NULL,
    kind      TEXT NOT NULL CONSTRAINT peer_kind CHECK (kind IN ('national', 'province', 'city', 'district', 'engraving', 'business')),
    state     TEXT NOT NULL CONSTRAINT peer_state CHECK (state IN ('proposed', 'confirmed', 'suspended', 'ended')),
    client_id TEXT REFERENCES client (id),
    sends     INTEGER NOT NULL
) STRICT;

-- One system has a code; one that ended may come back under it.
CREATE UNIQUE INDEX peer_code ON peer (code) WHERE state <> 'ended';
CREATE INDEX peer_place ON peer (area_path, id);
CREATE INDEX peer_name ON peer (name, id);
-- A program speaks for one system.
CREATE UNIQUE INDEX peer_client ON peer (client_id) WHERE state <> 'ended';
CREATE INDEX peer_sends ON peer (id) WHERE state = 'confirmed' AND sends = 1;
CREATE INDEX peer_relied_on ON peer (id) WHERE state IN ('confirmed', 'suspended');

CREATE TABLE peer_list (
    id          TEXT NOT NULL PRIMARY KEY REFERENCES peer (id),
    version     INTEGER NOT NULL,
    body        TEXT NOT NULL,
    mac         BLOB NOT NULL,
    number      INTEGER NOT NULL,
    next_update INTEGER NOT NULL
) STRICT;

-- Messages to other systems. The same message is never on its way twice.
CREATE TABLE exchange_delivery (
    id         TEXT NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    body       TEXT NOT NULL,
    mac        BLOB NOT NULL,
    state      TEXT NOT NULL CONSTRAINT exchange_delivery_state CHECK (state IN ('waiting', 'delivered', 'failed')),
    peer_id    TEXT NOT NULL REFERENCES peer (id),
    code       TEXT NOT NULL,
    sequence   INTEGER NOT NULL,
    receipt_at INTEGER
) STRICT;

CREATE UNIQUE INDEX exchange_delivery_sequence ON exchange_delivery (peer_id, code, sequence);
CREATE INDEX exchange_delivery_peer ON exchange_delivery (peer_id, id);
CREATE INDEX exchange_delivery_waiting ON exchange_delivery (peer_id, state, id);
CREATE INDEX exchange_delivery_receipt ON exchange_delivery (peer_id, receipt_at, id) WHERE receipt_at IS NOT NULL;

-- Seals of other systems; one code is one system's.
CREATE TABLE foreign_seal (
    id      TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    body    TEXT NOT NULL,
    mac     BLOB NOT NULL,
    code    TEXT NOT NULL,
    system  TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX foreign_seal_code ON foreign_seal (code);

CREATE TABLE exchange_received (
    id      TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    body    TEXT NOT NULL,
    mac     BLOB NOT NULL,
    system  TEXT NOT NULL,
    code    TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

CREATE INDEX exchange_received_system ON exchange_received (system, at, id);

-- Comparisons with other systems.
CREATE TABLE reconciliation (
    id      TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    body    TEXT NOT NULL,
    mac     BLOB NOT NULL,
    peer_id TEXT NOT NULL REFERENCES peer (id),
    state   TEXT NOT NULL CONSTRAINT reconciliation_state CHECK (state IN ('agrees', 'differs'))
) STRICT;

CREATE INDEX reconciliation_peer ON reconciliation (peer_id, id);

CREATE TRIGGER peer_stays BEFORE DELETE ON peer BEGIN SELECT RAISE(ABORT, 'peer_stays'); END;
CREATE TRIGGER peer_list_stays BEFORE DELETE ON peer_list BEGIN SELECT RAISE(ABORT, 'peer_list_stays'); END;
CREATE TRIGGER exchange_delivery_stays BEFORE DELETE ON exchange_delivery BEGIN SELECT RAISE(ABORT, 'exchange_delivery_stays'); END;
CREATE TRIGGER reconciliation_stays BEFORE DELETE ON reconciliation BEGIN SELECT RAISE(ABORT, 'reconciliation_stays'); END;
CREATE TRIGGER foreign_seal_stays BEFORE DELETE ON foreign_seal BEGIN SELECT RAISE(ABORT, 'foreign_seal_stays'); END;
CREATE TRIGGER exchange_received_stays BEFORE DELETE ON exchange_received BEGIN SELECT RAISE(ABORT, 'exchange_received_stays'); END;
-- What ended stays so, and a code stays that of its system.
CREATE TRIGGER peer_is_final BEFORE UPDATE ON peer
WHEN NEW.id <> OLD.id OR NEW.code <> OLD.code
     OR (OLD.state = 'ended' AND (NEW.state <> OLD.state OR NEW.version <> OLD.version))
BEGIN SELECT RAISE(ABORT, 'peer_is_final'); END;
-- A seal stays that of its system, and what was received stays what it was.
CREATE TRIGGER foreign_seal_is_of_one BEFORE UPDATE ON foreign_seal
WHEN NEW.id <> OLD.id OR NEW.code <> OLD.code OR NEW.system <> OLD.system
BEGIN SELECT RAISE(ABORT, 'foreign_seal_is_of_one'); END;
CREATE TRIGGER exchange_received_is_final BEFORE UPDATE ON exchange_received
WHEN NEW.id <> OLD.id OR NEW.version <> OLD.version OR NEW.system <> OLD.system OR NEW.code <> OLD.code OR NEW.at <> OLD.at
BEGIN SELECT RAISE(ABORT, 'exchange_received_is_final'); END;
-- An older list never takes the place of a newer one.
CREATE TRIGGER peer_list_grows BEFORE UPDATE ON peer_list
WHEN NEW.version <> OLD.version AND NEW.number <= OLD.number
BEGIN SELECT RAISE(ABORT, 'peer_list_grows'); END;
