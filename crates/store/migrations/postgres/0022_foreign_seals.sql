-- Seals that another system has told of, by their codes.

CREATE INDEX foreign_seal_system ON foreign_seal (system, code);
