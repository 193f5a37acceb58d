-- Other seal systems that are recognized, their trust lists, what goes out to them, and what they tell of their seals.

CREATE TABLE peer (
    id        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version   BIGINT NOT NULL,
    body      TEXT COLLATE "C" NOT NULL,
    mac       BYTEA NOT NULL,
    code      TEXT COLLATE "C" NOT NULL,
    area_path TEXT COLLATE "C" NOT NULL,
    name      TEXT COLLATE "C" NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL CONSTRAINT peer_kind CHECK (kind IN ('national', 'province', 'city', 'district', 'engraving', 'business')),
    state     TEXT COLLATE "C" NOT NULL CONSTRAINT peer_state CHECK (state IN ('proposed', 'confirmed', 'suspended', 'ended')),
    client_id TEXT COLLATE "C" REFERENCES client (id),
    sends     BIGINT NOT NULL
);

-- One system has a code; one that ended may come back under it.
CREATE UNIQUE INDEX peer_code ON peer (code) WHERE state <> 'ended';
CREATE INDEX peer_place ON peer (area_path, id);
CREATE INDEX peer_name ON peer (name, id);
-- A program speaks for one system.
CREATE UNIQUE INDEX peer_client ON peer (client_id) WHERE state <> 'ended';
CREATE INDEX peer_sends ON peer (id) WHERE state = 'confirmed' AND sends = 1;
CREATE INDEX peer_relied_on ON peer (id) WHERE state IN ('confirmed', 'suspended');

CREATE TABLE peer_list (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES peer (id),
    version     BIGINT NOT NULL,
    body        TEXT COLLATE "C" NOT NULL,
    mac         BYTEA NOT NULL,
    number      BIGINT NOT NULL,
    next_update BIGINT NOT NULL
);

-- Messages to other systems. The same message is never on its way twice.
CREATE TABLE exchange_delivery (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version    BIGINT NOT NULL,
    body       TEXT COLLATE "C" NOT NULL,
    mac        BYTEA NOT NULL,
    state      TEXT COLLATE "C" NOT NULL CONSTRAINT exchange_delivery_state CHECK (state IN ('waiting', 'delivered', 'failed')),
    peer_id    TEXT COLLATE "C" NOT NULL REFERENCES peer (id),
    code       TEXT COLLATE "C" NOT NULL,
    sequence   BIGINT NOT NULL,
    receipt_at BIGINT
);

CREATE UNIQUE INDEX exchange_delivery_sequence ON exchange_delivery (peer_id, code, sequence);
CREATE INDEX exchange_delivery_peer ON exchange_delivery (peer_id, id);
CREATE INDEX exchange_delivery_waiting ON exchange_delivery (peer_id, state, id);
CREATE INDEX exchange_delivery_receipt ON exchange_delivery (peer_id, receipt_at, id) WHERE receipt_at IS NOT NULL;

-- Seals of other systems; one code is one system's.
CREATE TABLE foreign_seal (
    id      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    body    TEXT COLLATE "C" NOT NULL,
    mac     BYTEA NOT NULL,
    code    TEXT COLLATE "C" NOT NULL,
    system  TEXT COLLATE "C" NOT NULL
);

CREATE UNIQUE INDEX foreign_seal_code ON foreign_seal (code);

CREATE TABLE exchange_received (
    id      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    body    TEXT COLLATE "C" NOT NULL,
    mac     BYTEA NOT NULL,
    system  TEXT COLLATE "C" NOT NULL,
    code    TEXT COLLATE "C" NOT NULL,
    at      BIGINT NOT NULL
);

CREATE INDEX exchange_received_system ON exchange_received (system, at, id);

-- Comparisons with other systems.
CREATE TABLE reconciliation (
    id      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    body    TEXT COLLATE "C" NOT NULL,
    mac     BYTEA NOT NULL,
    peer_id TEXT COLLATE "C" NOT NULL REFERENCES peer (id),
    state   TEXT COLLATE "C" NOT NULL CONSTRAINT reconciliation_state CHECK (state IN ('agrees', 'differs'))
);

CREATE INDEX reconciliation_peer ON reconciliation (peer_id, id);

CREATE TRIGGER peer_stays BEFORE DELETE ON peer FOR EACH ROW EXECUTE FUNCTION refuse('peer_stays');
CREATE TRIGGER peer_list_stays BEFORE DELETE ON peer_list FOR EACH ROW EXECUTE FUNCTION refuse('peer_list_stays');
CREATE TRIGGER exchange_delivery_stays BEFORE DELETE ON exchange_delivery FOR EACH ROW EXECUTE FUNCTION refuse('exchange_delivery_stays');
CREATE TRIGGER reconciliation_stays BEFORE DELETE ON reconciliation FOR EACH ROW EXECUTE FUNCTION refuse('reconciliation_stays');
CREATE TRIGGER foreign_seal_stays BEFORE DELETE ON foreign_seal FOR EACH ROW EXECUTE FUNCTION refuse('foreign_seal_stays');
CREATE TRIGGER exchange_received_stays BEFORE DELETE ON exchange_received FOR EACH ROW EXECUTE FUNCTION refuse('exchange_received_stays');
-- What ended stays so, and a code stays that of its system.
CREATE TRIGGER peer_is_final BEFORE UPDATE ON peer FOR EACH ROW
WHEN (NEW.id <> OLD.id OR NEW.code <> OLD.code
     OR (OLD.state = 'ended' AND (NEW.state <> OLD.state OR NEW.version <> OLD.version)))
EXECUTE FUNCTION refuse('peer_is_final');
-- A seal stays that of its system, and what was received stays what it was.
CREATE TRIGGER foreign_seal_is_of_one BEFORE UPDATE ON foreign_seal FOR EACH ROW
WHEN (NEW.id <> OLD.id OR NEW.code <> OLD.code OR NEW.system <> OLD.system)
EXECUTE FUNCTION refuse('foreign_seal_is_of_one');
CREATE TRIGGER exchange_received_is_final BEFORE UPDATE ON exchange_received FOR EACH ROW
WHEN (NEW.id <> OLD.id OR NEW.version <> OLD.version OR NEW.system <> OLD.system OR NEW.code <> OLD.code OR NEW.at <> OLD.at)
EXECUTE FUNCTION refuse('exchange_received_is_final');
-- An older list never takes the place of a newer one.
CREATE TRIGGER peer_list_grows BEFORE UPDATE ON peer_list FOR EACH ROW
WHEN (NEW.version <> OLD.version AND NEW.number <= OLD.number)
EXECUTE FUNCTION refuse('peer_list_grows');
