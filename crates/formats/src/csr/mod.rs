//! Certification requests (证书申请): PKCS#10, RFC 2986, with SM2 as in GM/T 0092.

mod builder;
mod request;

pub use builder::CsrBuilder;
pub use request::Csr;
