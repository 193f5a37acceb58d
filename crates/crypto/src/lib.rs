//! SM2, SM3, SM4, the other algorithms a verifier meets, and key custody behind traits
