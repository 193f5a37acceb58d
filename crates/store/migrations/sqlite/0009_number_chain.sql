-- A business seal that is renewed keeps its number: the number belongs to a chain of seals, each the renewal of the one before. Of two
-- chains of a unit no two have one number, and a chain has at most one seal in force and one in making.

-- The seal that took the number first: the seal itself, or that of the seal it follows where it has the same number. Kept by the
-- database, so that programs of the schema before keep it too; it says nothing that the protected columns do not say.
ALTER TABLE seal ADD COLUMN chain TEXT;

-- Until now every seal got a number of its own.
UPDATE seal SET chain = id WHERE number IS NOT NULL;

DROP INDEX seal_business_number;
CREATE UNIQUE INDEX seal_business_number ON seal (unit_id, kind, number) WHERE chain = id AND state <> 'abandoned';
CREATE UNIQUE INDEX seal_one_of_chain_in_force ON seal (chain, unit_id) WHERE state IN ('active', 'suspended');
CREATE UNIQUE INDEX seal_one_of_chain_in_making ON seal (unit_id, chain) WHERE state IN ('making', 'made', 'filed', 'delivered');

CREATE TRIGGER seal_chained AFTER INSERT ON seal WHEN NEW.number IS NOT NULL
BEGIN
    UPDATE seal SET chain = COALESCE(
        (SELECT p.chain FROM seal p
         WHERE p.id = NEW.follows AND p.unit_id = NEW.unit_id AND p.kind = NEW.kind AND p.number = NEW.number),
        NEW.id)
    WHERE id = NEW.id;
END;
