-- Copies of sealed documents (print-outs and conversions), and the way from a code on paper to what it stands for.

-- The code of a sealed document stands in the body of its row, under the row's MAC. An index over the expression finds it, that of documents
-- sealed before too, and can never say anything else than the row; a column would have to be kept outside the MAC of the rows there are.
CREATE INDEX use_item_code ON use_item ((body::json #>> '{sealed,verification_code}')) WHERE state = 'signed';

CREATE TABLE document_copy (
    id      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    body    TEXT COLLATE "C" NOT NULL,
    mac     BYTEA NOT NULL,
    state   TEXT COLLATE "C" NOT NULL CONSTRAINT document_copy_state CHECK (state IN ('valid', 'withdrawn')),
    item_id TEXT COLLATE "C" NOT NULL REFERENCES use_item (id),
    code    TEXT COLLATE "C" NOT NULL
);

CREATE UNIQUE INDEX document_copy_code ON document_copy (code);
CREATE INDEX document_copy_item ON document_copy (item_id, id);

CREATE TRIGGER document_copy_stays BEFORE DELETE ON document_copy FOR EACH ROW EXECUTE FUNCTION refuse('document_copy_stays');
-- A code stands for the same copy for ever, and what was withdrawn stays so.
CREATE TRIGGER document_copy_is_final BEFORE UPDATE ON document_copy FOR EACH ROW
WHEN (NEW.id <> OLD.id OR NEW.item_id <> OLD.item_id OR NEW.code <> OLD.code
      OR (OLD.state = 'withdrawn' AND (NEW.state <> OLD.state OR NEW.version <> OLD.version)))
EXECUTE FUNCTION refuse('document_copy_is_final');
