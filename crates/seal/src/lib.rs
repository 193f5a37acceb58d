//! Make, sign and verify electronic seals, and say why
