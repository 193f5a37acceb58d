//! Fixture PKI, fake clock and generator, vectors, foreign oracles
